package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for graphile-worker. Pure. */
final class GraphileWorkerSql {
  private static final String DUE = "run_at = greatest(t.run_at, now())";

  /**
   * One without attempts left is only unlocked, as by the library, so that the error of its last
   * attempt can still be read. One that has some, and shall have none, is told why.
   */
  private static final String FAILED =
      """
      attempts = greatest(t.attempts, t.max_attempts),
        run_at = CASE WHEN %1$s THEN t.run_at ELSE greatest(t.run_at, now()) END,
        last_error = CASE WHEN %1$s THEN 'Stuck job rescued by Selfheal' ELSE t.last_error END,
        updated_at = CASE WHEN %1$s THEN now() ELSE t.updated_at END"""
          .formatted("t.attempts < t.max_attempts");

  private final GraphileWorkerPreset.Tables tables;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;

  GraphileWorkerSql(GraphileWorkerPreset.Tables tables, Catalog catalog, Reach reach) {
    this.tables = tables;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "locked_at");
  }

  Statements statements() {
    return new Statements(
            find(""),
            find(" AND t.id > $2::text::bigint"),
            Map.of(Effect.REQUEUE, rescue(DUE), Effect.FAIL, rescue(FAILED)),
            counts(),
            advice())
        .counting(ready());
  }

  private String ready() {
    RowTime due = RowTime.of(catalog, "t", "run_at");
    return ReadyCount.of(
        tables.table().sql() + " AS t",
        "t.locked_at IS NULL AND t.attempts < t.max_attempts AND " + due.come(),
        due);
  }

  private String find(String after) {
    return """
        SELECT t.id::text AS id, %s AS holder, %s AS age_ms,
               NULL::bigint AS silence_ms, t.attempts::bigint AS attempts,
               %s AS claim, NULL::text AS sign,
               CASE WHEN t.attempts >= t.max_attempts THEN 'fail' ELSE 'requeue' END AS next
        FROM %s AS t
        WHERE t.locked_at IS NOT NULL%s%s
        ORDER BY t.id
        LIMIT $1::int"""
        .formatted(
            Sql.holder("t.locked_by::text"),
            taken.age(),
            claim(),
            tables.table().sql(),
            after,
            taken.within(reach));
  }

  /** With all that decides what becomes of the job: what changes meanwhile is judged anew. */
  private String claim() {
    return "ROW(t.attempts, t.max_attempts, "
        + Sql.member("t.locked_by::text")
        + ", "
        + taken.micros()
        + ")::text";
  }

  /** A queue is locked by the worker that works on its one running job. */
  private String rescue(String changes) {
    return """
        WITH picked AS MATERIALIZED (
          SELECT t.id, t.job_queue_id, t.locked_by
          FROM unnest($1::text[]::bigint[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN %1$s AS t ON t.id = c.id
          WHERE t.locked_at IS NOT NULL AND %2$s = c.claim
          ORDER BY t.id
          FOR UPDATE OF t SKIP LOCKED),
        unlocked AS (
          UPDATE %3$s AS q SET locked_at = NULL, locked_by = NULL
          FROM picked AS c WHERE q.id = c.job_queue_id AND q.locked_by = c.locked_by)
        UPDATE %1$s AS t SET locked_at = NULL, locked_by = NULL, %4$s
        FROM picked AS c
        WHERE t.id = c.id
        RETURNING t.id::text AS id"""
        .formatted(tables.table().sql(), claim(), tables.queues().sql(), changes);
  }

  private String counts() {
    return """
        SELECT CASE WHEN t.locked_at IS NOT NULL THEN 'locked'
                    WHEN t.attempts >= t.max_attempts THEN 'failed'
                    WHEN t.run_at <= now() THEN 'ready' ELSE 'scheduled' END AS state,
               count(*) AS jobs, max(%s) AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(taken.age(), tables.table().sql());
  }

  /** None of the library's own indexes holds the locked jobs. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .map(Catalog.Index::predicate)
            .anyMatch(
                predicate -> predicate != null && predicate.contains("locked_at IS NOT NULL"));
    return served
        ? null
        : "CREATE INDEX CONCURRENTLY ON "
            + tables.table().sql()
            + " (id) WHERE locked_at IS NOT NULL";
  }
}
