package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Looks at a database, and changes nothing; for who asks while no agent runs. */
public final class Checkup {
  private static final String LOOK =
      """
      SELECT current_setting('server_version') AS version,
             pg_is_in_recovery() AS standby,
             current_setting('transaction_read_only') = 'on' AS read_only,
             pg_backend_pid() AS backend""";

  private Checkup() {}

  /**
   * What was seen.
   *
   * @param version of PostgreSQL
   * @param schema the version of the agent's schema; 0 when it is not there
   * @param newest the version that this program brings
   * @param standby whether it only follows another server
   * @param readOnly whether nothing can be written
   * @param pooled whether a pooler stands before it
   */
  public record Seen(
      String version, int schema, int newest, boolean standby, boolean readOnly, boolean pooled) {}

  /** Looks once; fails when the database cannot be used, with the cause. */
  public static Future<Seen> at(Vertx vertx, PostgresUrl url) {
    int newest;
    try {
      newest = MigrationScripts.newest();
    } catch (IOException damaged) {
      return Future.failedFuture(damaged);
    }
    return new Migrations(vertx)
        .applied(url)
        .compose(schema -> look(vertx, url).map(row -> seen(row, schema, newest)));
  }

  private record Look(Row row, int process) {}

  private static Future<Look> look(Vertx vertx, PostgresUrl url) {
    return Pools.connect(vertx, url, Pools.CONNECT_LIMIT)
        .compose(
            connection ->
                connection
                    .query(LOOK)
                    .execute()
                    .map(rows -> new Look(rows.iterator().next(), connection.processId()))
                    .eventually(() -> connection.close()))
        .timeout(Pools.CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A pooler gives its clients process ids of its own. */
  private static Seen seen(Look look, int schema, int newest) {
    return new Seen(
        look.row.getString("version"),
        schema,
        newest,
        look.row.getBoolean("standby"),
        look.row.getBoolean("read_only"),
        look.row.getInteger("backend") != look.process);
  }
}
