package io.selfheal.job;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Whether anything can be written where a source is. Asked in a transaction that is read-only by
 * itself, so it looks at what the next transaction would be.
 */
final class PgWritable {
  private static final String LOOK =
      """
      SELECT pg_is_in_recovery() AS standby, current_user::text AS role,
             current_setting('default_transaction_read_only')::boolean AS read_only""";

  private final SqlConnection connection;
  private final TableName table;

  PgWritable(SqlConnection connection, TableName table) {
    this.connection = connection;
    this.table = table;
  }

  /** Why nothing can be rescued there, and what to do; empty when it can. */
  Future<Optional<String>> problem() {
    return connection.query(LOOK).execute().map(rows -> problem(rows.iterator().next()));
  }

  private Optional<String> problem(Row row) {
    if (row.getBoolean("standby")) {
      return Optional.of(
          "the server with "
              + table
              + " is a standby, where nothing can be rescued; name the primary in the source's"
              + " database");
    }
    if (!row.getBoolean("read_only")) {
      return Optional.empty();
    }
    String role = row.getString("role");
    return Optional.of(
        "the role "
            + role
            + " is read-only where "
            + table
            + " is (default_transaction_read_only); run: ALTER ROLE "
            + Sql.name(role)
            + " SET default_transaction_read_only = off");
  }
}
