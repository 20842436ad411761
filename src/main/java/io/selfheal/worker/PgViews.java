package io.selfheal.worker;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The views of agents in PostgreSQL. One object is one run of one agent, with its own rows. */
final class PgViews {
  /** Nothing is lost with a view that a crash of the server takes back: the next one comes soon. */
  private static final String BEGIN =
      "SELECT now() AS now, set_config('synchronous_commit', 'off', true)";

  /** Touches the view; writes only those processes that are not yet as they are. */
  private static final String PUBLISH =
      """
      WITH given AS (
        SELECT * FROM unnest($7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[],
                             $12::timestamptz[], $13::timestamptz[], $14::boolean[])
          AS g (worker, instance, pid, start_ticks, own_pid, started_at, ended_at, vacant)
      ), changed AS (
        SELECT g.* FROM given g
        LEFT JOIN selfheal.view_processes p
          ON p.view = $1 AND p.pid = g.pid AND p.start_ticks = g.start_ticks
        WHERE p.view IS NULL
           OR (p.worker, p.instance, p.own_pid, p.vacant, p.ended_at IS NULL)
              <> (g.worker, g.instance, g.own_pid, g.vacant, g.ended_at IS NULL)
      ), gone AS (
        SELECT p.pid, p.start_ticks FROM selfheal.view_processes p
        WHERE p.view = $1 AND NOT EXISTS (
          SELECT FROM given g WHERE g.pid = p.pid AND g.start_ticks = p.start_ticks)
      ), touched AS (
        INSERT INTO selfheal.views AS v
          (id, agent, home, host, boot_id, namespace, seen_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, now(), txid_current())
        ON CONFLICT (id) DO UPDATE SET
          seen_at = excluded.seen_at,
          version = CASE WHEN EXISTS (SELECT FROM changed) OR EXISTS (SELECT FROM gone)
                         THEN excluded.version ELSE v.version END
      ), removed AS (
        DELETE FROM selfheal.view_processes p USING gone g
        WHERE p.view = $1 AND p.pid = g.pid AND p.start_ticks = g.start_ticks
      )
      INSERT INTO selfheal.view_processes
        (view, worker, instance, pid, start_ticks, own_pid, started_at, ended_at, vacant)
      SELECT $1, worker, instance, pid, start_ticks, own_pid, started_at, ended_at, vacant
      FROM changed
      ON CONFLICT (view, pid, start_ticks) DO UPDATE SET
        worker = excluded.worker, instance = excluded.instance, own_pid = excluded.own_pid,
        ended_at = excluded.ended_at, vacant = excluded.vacant
      """;

  /** The clock is read behind the snapshot: no view that is seen can be younger. */
  private static final String READ =
      """
      SELECT v.id, v.version, v.agent, v.host, v.boot_id, v.namespace, v.seen_at,
             k.id IS NOT NULL AS known, (SELECT clock_timestamp()) AS read_at,
             p.worker, p.instance, p.pid, p.start_ticks, p.own_pid, p.started_at, p.ended_at,
             p.vacant
      FROM selfheal.views v
      LEFT JOIN unnest($2::uuid[], $3::bigint[]) AS k (id, version)
        ON k.id = v.id AND k.version = v.version
      LEFT JOIN selfheal.view_processes p ON p.view = v.id AND k.id IS NULL
      WHERE v.id <> $1
      """;

  /**
   * The runs of this agent before this one see nothing more; nor do agents of earlier boots of this
   * machine, and those that are long gone.
   */
  private static final String TIDY =
      """
      DELETE FROM selfheal.views
      WHERE seen_at < now() - interval '1 day'
         OR (id <> $1 AND agent = $2 AND home = $3 AND boot_id = $4 AND namespace = $5)
         OR boot_id = ANY ($6)
      """;

  private final UUID id = UUID.randomUUID();
  private final Database database;
  private final String agent;

  /**
   * @param agent the agent's name
   */
  PgViews(Database database, String agent) {
    this.database = database;
    this.agent = agent;
  }

  /**
   * Replaces this agent's view.
   *
   * @param home the agent's data directory
   * @param look is given the time of the database, and looks after that moment: a view must not
   *     claim to be younger than what it tells
   */
  Future<Void> publish(Place place, String home, Function<Instant, Future<List<Mention>>> look) {
    return database
        .use(
            pool ->
                pool.withTransaction(
                    connection ->
                        connection
                            .query(BEGIN)
                            .execute()
                            .compose(
                                rows -> look.apply(PgViewRows.time(rows.iterator().next(), "now")))
                            .compose(
                                found ->
                                    connection
                                        .preparedQuery(PUBLISH)
                                        .execute(row(place, home, found)))))
        .mapEmpty();
  }

  /**
   * Reads the views of the others.
   *
   * @param before what was read last
   * @param mark now, on the forward clock
   */
  Future<Views> read(Views before, long mark) {
    Map<UUID, View> known = before.all().stream().collect(Collectors.toMap(View::id, view -> view));
    Tuple values =
        Tuple.of(
            id,
            known.keySet().toArray(UUID[]::new),
            known.values().stream().map(View::version).toArray(Long[]::new));
    return database
        .use(pool -> pool.preparedQuery(READ).execute(values))
        .map(rows -> PgViewRows.read(rows, before.home(), known, mark));
  }

  /**
   * Deletes what nobody needs any more.
   *
   * @param over earlier boots of this machine
   */
  Future<Void> tidy(Place place, String home, Set<String> over) {
    Tuple values = Tuple.of(id, agent, home, place.bootId(), place.namespace());
    values.addArrayOfString(over.toArray(String[]::new));
    return database.use(pool -> pool.preparedQuery(TIDY).execute(values)).mapEmpty();
  }

  /** Takes this agent's view away: it watches no longer. */
  Future<Void> withdraw() {
    return database
        .use(
            pool ->
                pool.preparedQuery("DELETE FROM selfheal.views WHERE id = $1")
                    .execute(Tuple.of(id)))
        .mapEmpty();
  }

  private Tuple row(Place place, String home, List<Mention> found) {
    Tuple row = Tuple.of(id, agent, home, place.host(), place.bootId(), place.namespace());
    return PgViewRows.write(row, found);
  }
}
