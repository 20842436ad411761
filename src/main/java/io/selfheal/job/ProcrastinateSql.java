package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for Procrastinate. Pure. */
final class ProcrastinateSql {
  private static final String RETRIED =
      "status = 'todo', attempts = t.attempts + 1, scheduled_at = now()";

  /** The unique index is of the waiting jobs alone. */
  private static final String ONCE = "c.queueing_lock IS NULL OR c.place = 1";

  private final ProcrastinatePreset.Tables tables;
  private final Catalog catalog;
  private final boolean workers;
  private final RowTime started;

  ProcrastinateSql(ProcrastinatePreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
    this.workers = ProcrastinatePreset.Tables.knowsWorkers(catalog);
    this.started = RowTime.of(catalog.other(tables.events()), "s", "at");
  }

  Statements statements() {
    return new Statements(
            find(""),
            find(" AND j.id > $2::text::bigint"),
            Map.of(
                Effect.REQUEUE, rescue(RETRIED, "NOT (" + waits() + ")", ONCE),
                Effect.FAIL, rescue("status = 'failed'", "true", "true")),
            counts(),
            advice())
        .counting(ready());
  }

  /** Since when a job without a time waits is told by the events, of which there are many. */
  private String ready() {
    RowTime due = RowTime.of(catalog, "t", "scheduled_at");
    return ReadyCount.of(
        tables.table().sql() + " AS t", "t.status = 'todo' AND " + due.come(), null);
  }

  /** The batch is cut off first: what belongs to a job is looked up for no more than these. */
  private String find(String after) {
    String batch =
        """
        (SELECT j.id, j.attempts, j.abort_requested, j.queueing_lock%s
          FROM %s AS j WHERE j.status = 'doing'%s ORDER BY j.id LIMIT $1::int)"""
            .formatted(workers ? ", j.worker_id" : "", tables.table().sql(), after);
    return """
        SELECT t.id::text AS id, %s AS holder, %s AS age_ms, %s AS silence_ms,
               t.attempts::bigint + 1 AS attempts, %s AS claim, %s AS sign,
               CASE WHEN t.abort_requested THEN 'fail' ELSE 'requeue' END AS next,
               CASE WHEN t.abort_requested THEN 'somebody asked to abort it: it becomes failed'
               END AS becomes,
               CASE WHEN NOT t.abort_requested AND %s
                 THEN 'another job with its queueing lock waits, and the library lets only one wait'
               END AS hindrance
        FROM %s
        ORDER BY t.id"""
        .formatted(
            workers ? "t.worker_id::text" : "NULL::text",
            started.age(),
            workers ? beat().age() : "NULL::bigint",
            claim(),
            sign(),
            waits(),
            from(batch));
  }

  private String from(String jobs) {
    String joined =
        """
        %s AS t LEFT JOIN LATERAL (
          SELECT max(e.at) AS at FROM %s AS e WHERE e.job_id = t.id AND e.type = 'started') AS s
          ON true"""
            .formatted(jobs, tables.events().sql());
    return workers
        ? joined + " LEFT JOIN " + tables.workers().sql() + " AS w ON w.id = t.worker_id"
        : joined;
  }

  private RowTime beat() {
    return RowTime.of(catalog.other(tables.workers()), "w", "last_heartbeat");
  }

  /**
   * Every way from running to running again counts an attempt. The worker is not in it: pruning
   * takes it out of the row. What decides what becomes of the job is.
   */
  private String claim() {
    return "ROW(t.attempts, t.abort_requested, " + started.micros() + ")::text";
  }

  private String sign() {
    return workers ? beat().micros() : "NULL::text";
  }

  private String waits() {
    return "EXISTS (SELECT FROM "
        + tables.table().sql()
        + " AS q WHERE q.queueing_lock = t.queueing_lock AND q.status = 'todo')";
  }

  /**
   * The library's triggers find their tables by the search path of the transaction, as its own
   * connections have it. Locked in the order of the ids; what another has locked is skipped. A row
   * that changed before its lock came is compared again by PostgreSQL as it is then.
   *
   * @param free may be changed
   * @param once of those with the same queueing lock, which
   */
  private String rescue(String changes, String free, String once) {
    return """
        WITH path AS MATERIALIZED (
          SELECT set_config('search_path',
            concat_ws(', ', %1$s, nullif(current_setting('search_path'), '')), true)),
        picked AS MATERIALIZED (
          SELECT t.id, t.queueing_lock
          FROM path
          CROSS JOIN unnest($1::text[]::bigint[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN (%2$s) ON t.id = c.id
          WHERE t.status = 'doing' AND %3$s = c.claim AND %4$s IS NOT DISTINCT FROM c.sign
            AND %5$s
          ORDER BY t.id
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE %6$s AS t SET %7$s
        FROM (
          SELECT id, queueing_lock, row_number() OVER (PARTITION BY queueing_lock ORDER BY id) AS place
          FROM picked) AS c
        WHERE t.id = c.id AND (%8$s)
        RETURNING t.id::text AS id"""
        .formatted(
            Sql.text(Sql.name(tables.schema())),
            from(tables.table().sql()),
            claim(),
            sign(),
            free,
            tables.table().sql(),
            changes,
            once);
  }

  /** Only of the running jobs the start is looked up. */
  private String counts() {
    return """
        SELECT t.status::text AS state, count(*) AS jobs, NULL::bigint AS oldest_ms
        FROM %s AS t GROUP BY 1
        UNION ALL
        SELECT 'doing', 0, max(%s) FROM %s WHERE t.status = 'doing'"""
        .formatted(tables.table().sql(), started.age(), from(tables.table().sql()));
  }

  /** The library's unique index of the locks of running jobs serves: it holds all of them. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .map(Catalog.Index::predicate)
            .anyMatch(
                predicate -> predicate != null && predicate.startsWith("(status = 'doing'::"));
    return served
        ? null
        : "CREATE INDEX CONCURRENTLY ON " + tables.table().sql() + " (id) WHERE status = 'doing'";
  }
}
