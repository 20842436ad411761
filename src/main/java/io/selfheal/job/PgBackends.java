package io.selfheal.job;

import io.selfheal.message.TraceRequests.End;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the database of one source that wait for locks, and who keeps them waiting.
 * Reads only what PostgreSQL has in memory; it fails with {@link SourceFailed}.
 */
final class PgBackends {
  /** Waiting connections that are read at once. */
  static final int MOST = 500;

  private static final String LIMITS =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '2s'";

  /**
   * The lock table, unlike the activity, is open to every role. The agent's own waits are short and
   * no worker's. {@code waitstart} is there since PostgreSQL 14; through jsonb its absence is null.
   */
  private static final String WAITS =
      """
      SELECT a.pid, a.usename::text AS usename, nullif(a.application_name, '') AS application,
        host(a.client_addr) AS address, a.client_port AS port, a.query,
        a.query = '<insufficient privilege>' AS hidden,
        (extract(epoch FROM clock_timestamp() - w.since) * 1000)::bigint AS wait_ms,
        (extract(epoch FROM clock_timestamp() - a.query_start) * 1000)::bigint AS statement_ms
      FROM (SELECT l.pid, min((to_jsonb(l) ->> 'waitstart')::timestamptz) AS since
        FROM pg_catalog.pg_locks l WHERE NOT l.granted GROUP BY l.pid) w
      JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
      WHERE a.datname = current_database() AND a.usesysid IS NOT NULL
        AND coalesce(a.backend_type, 'client backend') = 'client backend'
        AND NOT (a.application_name = 'selfheal' AND a.usename = current_user)
      ORDER BY w.since NULLS FIRST, a.pid LIMIT %d
      """
          .formatted(MOST);

  /** The columns of a session of {@code pg_stat_activity AS a} that {@link #blocker} reads. */
  static final String SESSION =
      """
      a.usename::text AS usename, nullif(a.application_name, '') AS application,
        host(a.client_addr) AS address, a.client_port AS port, a.query,
        a.query = '<insufficient privilege>' AS hidden, a.state,
        (extract(epoch FROM clock_timestamp() - a.state_change) * 1000)::bigint AS state_ms,
        (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS transaction_ms""";

  private static final String OWN =
      """
      SELECT host(inet_client_addr()) AS address, inet_client_port() AS port,
        inet_server_port() AS server_port, current_user::text AS role
      """;

  /** Zero stands for a prepared transaction. Ended sessions have no row any more. */
  private static final String BLOCKERS =
      """
      SELECT w.pid AS waiter, b.pid AS pid, %s
      FROM unnest($1::int[]) AS w(pid)
      CROSS JOIN LATERAL (SELECT DISTINCT pid FROM unnest(pg_blocking_pids(w.pid)) AS p(pid)) b
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
      ORDER BY w.pid, a.xact_start NULLS LAST, b.pid
      """
          .formatted(SESSION);

  private final Database database;

  PgBackends(Database database) {
    this.database = database;
  }

  /**
   * What was read.
   *
   * @param own the end of the agent's own connection; null over a Unix socket
   * @param serverPort null likewise
   * @param role the agent's
   * @param hidden whether the role may not see all of a waiting connection
   */
  record Waits(
      List<LockWait> waits,
      @Nullable End own,
      @Nullable Integer serverPort,
      String role,
      boolean hidden) {}

  /** Those that wait, the longest first; at most {@link #MOST}. */
  Future<Waits> waits() {
    return transaction(
        connection ->
            connection
                .query(WAITS)
                .execute()
                .compose(rows -> connection.query(OWN).execute().map(own -> waits(rows, own))));
  }

  /** For each of those pids who keeps it waiting; nobody when it waits no longer. */
  Future<Map<Integer, List<Blocker>>> blockers(Collection<Integer> pids) {
    return transaction(
        connection ->
            connection
                .preparedQuery(BLOCKERS)
                .execute(Tuple.tuple().addArrayOfInteger(pids.toArray(Integer[]::new)))
                .map(PgBackends::blockers));
  }

  private <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return database
        .use(
            pool ->
                pool.withTransaction(
                    connection ->
                        connection.query(LIMITS).execute().compose(set -> work.apply(connection))))
        .recover(
            failure ->
                Future.failedFuture(
                    new SourceFailed(
                        "could not read who waits for locks (pg_locks, pg_stat_activity): "
                            + failure.getMessage(),
                        failure)));
  }

  private static Waits waits(RowSet<Row> rows, RowSet<Row> own) {
    List<LockWait> waits = new ArrayList<>(rows.size());
    boolean hidden = false;
    for (Row row : rows) {
      hidden |= hidden(row);
      Duration waited = millis(row, "wait_ms");
      waits.add(new LockWait(session(row), end(row), waited, millis(row, "statement_ms")));
    }
    Row self = own.iterator().next();
    return new Waits(
        waits, end(self), self.getInteger("server_port"), self.getString("role"), hidden);
  }

  private static Map<Integer, List<Blocker>> blockers(RowSet<Row> rows) {
    Map<Integer, List<Blocker>> blockers = new LinkedHashMap<>();
    for (Row row : rows) {
      blockers
          .computeIfAbsent(row.getInteger("waiter"), pid -> new ArrayList<>())
          .add(blocker(row));
    }
    return blockers;
  }

  /** From {@code pid} and {@link #SESSION}; what has ended has a pid only. */
  static Blocker blocker(Row row) {
    return new Blocker(
        session(row),
        row.getString("state"),
        millis(row, "state_ms"),
        millis(row, "transaction_ms"));
  }

  private static Session session(Row row) {
    End end = end(row);
    return new Session(
        row.getInteger("pid"),
        row.getString("usename"),
        row.getString("application"),
        end == null ? null : end.toString(),
        hidden(row) ? null : row.getString("query"));
  }

  private static boolean hidden(Row row) {
    return Boolean.TRUE.equals(row.getBoolean("hidden"));
  }

  private static @Nullable End end(Row row) {
    String address = row.getString("address");
    Integer port = row.getInteger("port");
    return address == null || port == null || port <= 0 ? null : new End(address, port);
  }

  private static @Nullable Duration millis(Row row, String column) {
    Long millis = row.getLong(column);
    return millis == null ? null : Duration.ofMillis(Math.max(0, millis));
  }
}
