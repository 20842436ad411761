package io.selfheal.job;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks PostgreSQL whether {@link Checks} are met, without a row. Nothing may follow it in its
 * transaction: a condition that cannot be worked out so, as one with a function that is not open to
 * the role, makes it fail. Then nothing is known, and a rescue that the table refuses says so.
 */
final class PgChecks {
  private static final Logger LOG = LoggerFactory.getLogger(PgChecks.class);

  private final SqlConnection connection;

  PgChecks(SqlConnection connection) {
    this.connection = connection;
  }

  /** What is not allowed; empty also when there is nothing to ask, or no answer. */
  Future<Optional<String>> problem(Checks checks) {
    return checks
        .sql()
        .map(sql -> ask(sql).map(checks::problem))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Set<Integer>> ask(String sql) {
    return connection
        .query(sql)
        .execute()
        .map(
            rows -> {
              Set<Integer> refused = new HashSet<>();
              for (Row row : rows) {
                refused.add(row.getInteger("number"));
              }
              return refused;
            })
        .otherwise(
            failure -> {
              LOG.debug("Whether a table allows its states is not known", failure);
              return Set.of();
            });
  }
}
