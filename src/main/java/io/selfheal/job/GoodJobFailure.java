package io.selfheal.job;

/**
 * What GoodJob does with a job that is discarded after it was interrupted: it is finished with the
 * error of a discard, nobody holds it, and its open execution ends as interrupted. Nothing is
 * written into columns that this version has not. Pure.
 *
 * <p>The library's own discard leaves the lock's columns to the clearing of the process. Here they
 * are emptied at once, as at any end of a job, so that a retry finds the job free.
 *
 * <p>Who completes the job writes its execution first. So a job whose execution another has locked
 * is left.
 */
final class GoodJobFailure {
  /** Numbers of the library's {@code error_event}. */
  private static final int INTERRUPTED = 0;

  private static final int DISCARDED = 5;

  private final GoodJobPreset.Tables tables;
  private final Catalog catalog;
  private final Catalog executions;

  GoodJobFailure(GoodJobPreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
    this.executions = catalog.other(tables.executions());
  }

  /** The statement behind {@code picked}, which has the {@code id} of the jobs, locked. */
  String afterPicked() {
    return """
        open AS MATERIALIZED (
          SELECT e.id, e.active_job_id AS job
          FROM picked AS c JOIN %1$s AS e ON e.active_job_id = c.id
          WHERE e.finished_at IS NULL
          ORDER BY e.id
          FOR UPDATE OF e SKIP LOCKED),
        discarded AS (
          UPDATE %2$s AS t SET %3$s
          FROM picked AS c
          WHERE t.id = c.id AND NOT EXISTS (
            SELECT FROM %1$s AS e
            WHERE e.active_job_id = c.id AND e.finished_at IS NULL
              AND e.id NOT IN (SELECT o.id FROM open AS o))
          RETURNING t.id, t.performed_at),
        ended AS (
          UPDATE %1$s AS e SET %4$s
          FROM open AS o JOIN discarded AS c ON c.id = o.job
          WHERE e.id = o.id)
        SELECT id::text AS id FROM discarded"""
        .formatted(tables.executions().sql(), tables.table().sql(), discarded(), ended());
  }

  private String discarded() {
    String changes =
        """
        finished_at = %s, error = 'GoodJob::Job::DiscardJobError: Put aside by Selfheal',
            locked_by_id = NULL, locked_at = NULL"""
            .formatted(RowTime.of(catalog, "t", "finished_at").now());
    return changes
        + event(catalog, DISCARDED)
        + (has(catalog, "lock_type") ? ", lock_type = NULL" : "")
        + (has(catalog, "updated_at")
            ? ", updated_at = " + RowTime.of(catalog, "t", "updated_at").now()
            : "");
  }

  /** The words are those of the library's next worker, which would find the job interrupted. */
  private String ended() {
    RowTime end = RowTime.of(executions, "e", "finished_at");
    RowTime begin = RowTime.of(executions, "e", "created_at");
    String changes =
        """
        finished_at = %s, error = concat(
              'GoodJob::InterruptError: Interrupted after starting perform at ''',
              to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ' UTC''')"""
            .formatted(end.now(), RowTime.of(catalog, "c", "performed_at").moment());
    return changes
        + event(executions, INTERRUPTED)
        + (has(executions, "duration")
            ? ", duration = CASE WHEN isfinite(%1$s) THEN now() - %1$s END"
                .formatted(begin.moment())
            : "");
  }

  private static String event(Catalog table, int number) {
    return has(table, "error_event") ? ", error_event = " + number : "";
  }

  private static boolean has(Catalog table, String column) {
    return table.columns().containsKey(column);
  }
}
