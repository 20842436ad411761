package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for Solid Queue. Pure. */
final class SolidQueueSql {
  private final SolidQueuePreset.Tables tables;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;
  private final RowTime beat;

  SolidQueueSql(SolidQueuePreset.Tables tables, Catalog catalog, Reach reach) {
    this.tables = tables;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "created_at");
    this.beat = RowTime.of(catalog.other(tables.processes()), "p", "last_heartbeat_at");
  }

  /** Also with what fails a job, where nothing is missing for it. */
  Statements failing() {
    return statements()
        .able(
            Effect.FAIL,
            picked(
                    "t.id, t.job_id, p.pid, j.concurrency_key AS key",
                    "JOIN " + tables.jobs().sql() + " AS j ON j.id = t.job_id")
                + new SolidQueueFailure(tables, catalog).afterPicked());
  }

  Statements statements() {
    return new Statements(
            find(""),
            find(" AND t.job_id > $2::text::bigint"),
            Map.of(Effect.REQUEUE, requeue()),
            counts(),
            advice())
        .counting(
            ReadyCount.of(
                tables.ready().sql() + " AS r",
                "true",
                RowTime.of(catalog.other(tables.ready()), "r", "created_at")));
  }

  private String find(String after) {
    return """
        SELECT t.job_id::text AS id, p.hostname::text || ':' || p.pid::text AS holder,
               %s AS age_ms, %s AS silence_ms, NULL::bigint AS attempts,
               %s AS claim, %s AS sign, 'requeue'::text AS next
        FROM %s
        WHERE t.job_id IS NOT NULL%s%s
        ORDER BY t.job_id
        LIMIT $1::int"""
        .formatted(
            taken.age(), beat.age(), claim(), beat.micros(), from(), after, taken.within(reach));
  }

  private String from() {
    return tables.table().sql()
        + " AS t LEFT JOIN "
        + tables.processes().sql()
        + " AS p ON p.id = t.process_id";
  }

  /** The row of a claim is made and deleted, never changed, so its id alone tells it already. */
  private String claim() {
    return "ROW(t.id::text, t.process_id::text, " + taken.micros() + ")::text";
  }

  /**
   * A completing worker locks or deletes the claim first: then it is skipped. A claim that was
   * locked here can be completed by nobody before its end.
   */
  private String picked(String columns, String joined) {
    return """
        WITH picked AS MATERIALIZED (
          SELECT %s
          FROM unnest($1::text[]::bigint[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN (%s) ON t.job_id = c.id %s
          WHERE %s = c.claim AND %s IS NOT DISTINCT FROM c.sign
          ORDER BY t.job_id
          FOR UPDATE OF t SKIP LOCKED),
        """
        .formatted(columns, from(), joined, claim(), beat.micros());
  }

  private String requeue() {
    RowTime made = RowTime.of(catalog.other(tables.ready()), "r", "created_at");
    return picked("t.id", "")
        + """
        released AS (
          DELETE FROM %1$s AS t USING picked AS c WHERE t.id = c.id RETURNING t.job_id),
        queued AS (
          INSERT INTO %2$s (job_id, queue_name, priority, created_at)
          SELECT j.id, j.queue_name, j.priority, %3$s
          FROM released AS c JOIN %4$s AS j ON j.id = c.job_id
          ORDER BY j.id
          ON CONFLICT (job_id) DO NOTHING)
        SELECT job_id::text AS id FROM released"""
            .formatted(tables.table().sql(), tables.ready().sql(), made.now(), tables.jobs().sql());
  }

  private String counts() {
    return """
        SELECT 'claimed' AS state, count(*) AS jobs, max(%s) AS oldest_ms FROM %s AS t
        UNION ALL
        SELECT 'ready', count(*), NULL::bigint FROM %s"""
        .formatted(taken.age(), tables.table().sql(), tables.ready().sql());
  }

  /** The library's unique index on the job serves; without it a rescue could not be told apart. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .anyMatch(index -> "job_id".equals(index.leading()) && index.predicate() == null);
    return served
        ? null
        : "CREATE UNIQUE INDEX CONCURRENTLY ON " + tables.table().sql() + " (job_id)";
  }
}
