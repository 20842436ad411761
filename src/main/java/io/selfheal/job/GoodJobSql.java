package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for GoodJob. Pure. */
final class GoodJobSql {
  private static final String RUNNING = "t.finished_at IS NULL AND t.locked_by_id IS NOT NULL";

  /** Read once a statement; the keys are those of locks with one bigint. */
  private static final String HELD =
      """
      held AS MATERIALIZED (
        SELECT (l.classid::bigint << 32) | l.objid::bigint AS key
        FROM pg_catalog.pg_locks AS l
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.database =
          (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()))""";

  private static final String LOCKED =
      "(" + held("good_jobs", "t.id") + " OR " + held("good_job_processes", "p.id") + ")";

  private final GoodJobPreset.Tables tables;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;
  private final RowTime begun;
  private final RowTime beat;

  GoodJobSql(GoodJobPreset.Tables tables, Catalog catalog, Reach reach) {
    this.tables = tables;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "locked_at");
    this.begun = RowTime.of(catalog, "t", "performed_at");
    this.beat = RowTime.of(catalog.other(tables.processes()), "p", "updated_at");
  }

  /** Whether a session holds the advisory lock of a row, named as the library names it. */
  private static String held(String table, String id) {
    return "('x' || substr(md5('%s-' || %s::text), 1, 16))::bit(64)::bigint IN (SELECT key FROM held)"
        .formatted(table, id);
  }

  /** Also with what discards a job, where nothing is missing for it. */
  Statements failing() {
    return statements()
        .able(Effect.FAIL, picked() + ",\n" + new GoodJobFailure(tables, catalog).afterPicked());
  }

  Statements statements() {
    return new Statements(
            find(""),
            find(" AND t.id > $2::text::uuid"),
            Map.of(Effect.REQUEUE, requeue()),
            counts(),
            advice())
        .counting(ready());
  }

  /** A job without a time is ready since it was made. */
  private String ready() {
    RowTime due = RowTime.of(catalog, "t", "scheduled_at");
    RowTime made = RowTime.ifThere(catalog, "t", "created_at");
    RowTime since =
        made == null
            ? due
            : new RowTime("coalesce(" + due.value() + ", " + made.value() + ")", due.now());
    return ReadyCount.of(
        tables.table().sql() + " AS t",
        "t.finished_at IS NULL AND t.locked_by_id IS NULL AND " + due.come(),
        since);
  }

  private String find(String after) {
    return """
        WITH %s
        SELECT t.id::text AS id, (p.state ->> 'hostname') || ':' || (p.state ->> 'pid') AS holder,
               %s AS age_ms, %s AS silence_ms, t.executions_count::bigint AS attempts,
               %s AS claim, %s AS sign, 'requeue'::text AS next,
               CASE WHEN %s THEN 'a session of the database still holds its advisory lock'
               END AS hindrance
        FROM %s
        WHERE %s%s%s
        ORDER BY t.id
        LIMIT $1::int"""
        .formatted(
            HELD,
            taken.age(),
            beat.age(),
            claim(),
            sign(),
            LOCKED,
            from(),
            RUNNING,
            after,
            taken.within(reach));
  }

  private String from() {
    return tables.table().sql()
        + " AS t LEFT JOIN "
        + tables.processes().sql()
        + " AS p ON p.id = t.locked_by_id";
  }

  private String claim() {
    return "ROW(t.locked_by_id, " + taken.micros() + ")::text";
  }

  /** A job is begun after it is taken, by the process that took it: that is life, too. */
  private String sign() {
    return "ROW(" + beat.micros() + ", " + begun.micros() + ")::text";
  }

  /**
   * Locked in the order of the ids; what another has locked is skipped, by row or by the library's
   * advisory lock. A row that changed before its lock came is compared again by PostgreSQL.
   */
  private String picked() {
    return """
        WITH %s,
        picked AS MATERIALIZED (
          SELECT t.id
          FROM unnest($1::text[]::uuid[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN (%s) ON t.id = c.id
          WHERE %s AND %s = c.claim AND %s IS NOT DISTINCT FROM c.sign
            AND %s IS NOT TRUE
          ORDER BY t.id
          FOR UPDATE OF t SKIP LOCKED)"""
        .formatted(HELD, from(), RUNNING, claim(), sign(), LOCKED);
  }

  private String requeue() {
    return picked()
        + """

        UPDATE %s AS t SET locked_by_id = NULL, locked_at = NULL
        FROM picked AS c
        WHERE t.id = c.id
        RETURNING t.id::text AS id"""
            .formatted(tables.table().sql());
  }

  private String counts() {
    return """
        SELECT CASE WHEN t.finished_at IS NOT NULL
                      THEN CASE WHEN t.error IS NULL THEN 'succeeded' ELSE 'discarded' END
                    WHEN t.locked_by_id IS NOT NULL THEN 'running'
                    WHEN t.scheduled_at > %s THEN 'scheduled' ELSE 'queued' END AS state,
               count(*) AS jobs, max(%s) FILTER (WHERE %s) AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(
            RowTime.of(catalog, "t", "scheduled_at").now(),
            taken.age(),
            RUNNING,
            tables.table().sql());
  }

  /** The library's own index of the locked jobs serves: it holds no other. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .map(Catalog.Index::predicate)
            .anyMatch(
                predicate -> predicate != null && predicate.contains("locked_by_id IS NOT NULL"));
    return served
        ? null
        : "CREATE INDEX CONCURRENTLY ON "
            + tables.table().sql()
            + " (locked_by_id) WHERE locked_by_id IS NOT NULL";
  }
}
