package io.selfheal.store;

import io.selfheal.bus.Time;
import io.selfheal.message.DatabaseRequests.Examination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database on a connection of its own, so that an exhausted pool hides nothing, and
 * without the agent's own limits, so that it sees what workers of that role get.
 */
final class Examiner {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * A standby that is connected and has replayed all it received is not behind, however long ago
   * the last transaction was. One that is cut off does not know what it lacks: it may be behind for
   * as long as it has heard of no transaction. A role without pg_read_all_stats sees that there is
   * a receiver, but not its status.
   */
  private static final String LOOK =
      """
      SELECT coalesce((SELECT sum(numbackends) FROM pg_stat_database), 0)::int AS used,
             current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0) AS most,
             (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout')
               AS timeout_ms,
             CASE WHEN NOT pg_is_in_recovery()
                    THEN (SELECT max(extract(epoch FROM replay_lag)) FROM pg_stat_replication)
                  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND connected THEN 0
                  ELSE extract(epoch FROM now() - coalesce(
                    pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))
             END::float8 AS lag_seconds,
             pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS NOT NULL AND NOT connected
               AS cut_off
      FROM (SELECT EXISTS (SELECT FROM pg_stat_wal_receiver
                           WHERE status IS NULL OR status = 'streaming') AS connected) AS receiver""";

  private final Vertx vertx;
  private final Time time;

  Examiner(Vertx vertx, Time time) {
    this.vertx = vertx;
    this.time = time;
  }

  /** One look; never fails. */
  Future<Examination> at(PgDatabase database, int poolMax) {
    PostgresUrl url = database.url();
    if (url == null) {
      return Future.succeededFuture(without(database, poolMax, "its address is not known yet"));
    }
    PgConnectOptions options =
        url.toConnectOptions().setUseLayer7Proxy(true).addProperty("application_name", "selfheal");
    return PgConnection.connect(vertx, options)
        .compose(
            connection -> look(database, poolMax, connection).eventually(() -> connection.close()))
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(failure -> without(database, poolMax, Infrastructure.explain(failure)));
  }

  private Future<Examination> look(PgDatabase database, int poolMax, PgConnection connection) {
    long[] mark = new long[1];
    return connection
        .query("SELECT 1")
        .execute()
        // The first one pays for what the session learns once.
        .compose(
            warm -> {
              mark[0] = time.mark();
              return connection.query("SELECT 1").execute();
            })
        .compose(
            asked -> {
              Duration latency = time.since(mark[0]);
              return connection
                  .query(LOOK)
                  .execute()
                  .map(rows -> seen(database, poolMax, latency, rows.iterator().next()));
            });
  }

  private static Examination seen(PgDatabase database, int poolMax, Duration latency, Row row) {
    Double lag = row.getDouble("lag_seconds");
    return new Examination(
        database.name(),
        null,
        latency,
        database.calls(),
        poolMax,
        row.getInteger("used"),
        row.getInteger("most"),
        Duration.ofMillis(row.getLong("timeout_ms")),
        lag == null ? null : Duration.ofMillis(Math.round(Math.max(0, lag) * 1000)),
        row.getBoolean("cut_off"));
  }

  private static Examination without(PgDatabase database, int poolMax, @Nullable String problem) {
    return new Examination(
        database.name(), problem, null, database.calls(), poolMax, -1, -1, null, null, false);
  }
}
