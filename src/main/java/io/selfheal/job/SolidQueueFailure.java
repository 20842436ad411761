package io.selfheal.job;

/**
 * What Solid Queue does with the job of a process that is gone: the claim is deleted, the job is in
 * {@code solid_queue_failed_executions} with the error, and its slot, if its concurrency is
 * limited, goes to the next blocked job of the same key, or back to the semaphore. All in one
 * statement, so that no end of the agent leaves a slot with nobody. Pure.
 *
 * <p>The limit is known to the class of the job alone, and a semaphore that expired was deleted
 * whatever it counted. A slot that it does not count must not be given away, as the library does:
 * then more jobs of the key would run than the limit. So it is only where the value and those that
 * hold slots together are not more than the limit, as far as the semaphore knows: where they are
 * one, or where all holders were made when the semaphore was there, and so took their slots from
 * it. Else the slot stays taken, until the semaphore expires and the library's own maintenance
 * deletes it.
 *
 * <p>One thing is not told by the tables: whether the library has given a slot of the semaphore
 * that was deleted back to the one that followed it. Then it lets more run than the limit itself,
 * and as many go on to run here, no more.
 *
 * <p>Nobody takes or gives a slot while the row of the semaphore is locked, nor has since the
 * statement began if that row is as it was then. A job whose semaphore another has locked or
 * changed, and the second of two with the same key, are for the next time.
 */
final class SolidQueueFailure {
  /** Of more ready jobs it is not counted which of them hold slots. */
  private static final int MOST_READY = 10_000;

  private static final String ERROR =
      """
      json_build_object(
            'exception_class', 'SolidQueue::Processes::' ||
              CASE WHEN c.pid IS NULL THEN 'ProcessMissingError' ELSE 'ProcessExitError' END,
            'message', coalesce('Process pid=' || c.pid || ' exited unexpectedly.',
              'The process that was running this job no longer exists.') || ' Put aside by Selfheal.',
            'backtrace', NULL)::text""";

  /** One of each key: a semaphore can be changed but once. */
  private static final String CHOSEN =
      """
      chosen AS MATERIALIZED (
        SELECT c.* FROM (
          SELECT p.*, row_number() OVER (PARTITION BY p.key ORDER BY p.job_id) AS place
          FROM picked AS p) AS c
        WHERE c.key IS NULL OR c.place = 1),
      """;

  private final SolidQueuePreset.Tables tables;
  private final Catalog catalog;

  SolidQueueFailure(SolidQueuePreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
  }

  /**
   * The statement behind {@code picked}, which has the claims, locked: {@code id, job_id, pid} of
   * the process, and {@code key}.
   */
  String afterPicked() {
    return CHOSEN + holders() + seen() + going() + failed() + handed();
  }

  /**
   * Who holds the slots, and since when at the earliest: a job takes its slot when it is made and
   * due. One that was made after it was claimed was made by a clock that is ahead.
   */
  private String holders() {
    return """
        few AS MATERIALIZED (SELECT r.job_id, %1$s AS since FROM %2$s AS r LIMIT %3$d),
        holders AS MATERIALIZED (
          SELECT h.key, count(*) AS jobs, min(h.made) AS first,
            bool_and(h.made <= h.since + interval '1 second') AS told
          FROM (
            SELECT j.concurrency_key AS key, h.since, greatest(%4$s, %5$s) AS made
            FROM (
              SELECT t.job_id, %6$s AS since FROM %7$s AS t UNION ALL TABLE few) AS h
            JOIN %8$s AS j ON j.id = h.job_id
            WHERE EXISTS (SELECT FROM chosen AS c WHERE c.key IS NOT NULL)
              AND j.concurrency_key IN (SELECT c.key FROM chosen AS c)) AS h
          GROUP BY 1),
        """
        .formatted(
            moment(tables.ready(), "r", "created_at"),
            tables.ready().sql(),
            MOST_READY + 1,
            moment(tables.jobs(), "j", "created_at"),
            moment(tables.jobs(), "j", "scheduled_at"),
            RowTime.of(catalog, "t", "created_at").moment(),
            tables.table().sql(),
            tables.jobs().sql());
  }

  /**
   * The semaphores, and whether they certainly count the slots. The first job of a key is made a
   * moment before its semaphore, in the same transaction.
   */
  private String seen() {
    return """
        seen AS MATERIALIZED (
          SELECT s.id, s.key, s.value, s.expires_at,
            (SELECT count(*) FROM few) <= %1$d
              AND (s.value + h.jobs <= 1 OR h.told AND %2$s <= h.first + interval '1 second') AS sure
          FROM chosen AS c
          JOIN %3$s AS s ON s.key = c.key
          JOIN holders AS h ON h.key = c.key),
        held AS MATERIALIZED (
          SELECT s.id, s.key, v.sure
          FROM seen AS v JOIN %3$s AS s ON s.id = v.id
          WHERE s.value = v.value AND s.expires_at = v.expires_at
          ORDER BY s.id
          FOR UPDATE OF s SKIP LOCKED),
        """
        .formatted(
            MOST_READY, moment(tables.semaphores(), "s", "created_at"), tables.semaphores().sql());
  }

  /** Those whose slot is in hand, and the next of their keys as the library orders them. */
  private String going() {
    return """
        going AS MATERIALIZED (
          SELECT c.* FROM chosen AS c
          WHERE NOT EXISTS (SELECT FROM seen AS v WHERE v.key = c.key)
            OR EXISTS (SELECT FROM held AS h WHERE h.key = c.key)),
        heirs AS MATERIALIZED (
          SELECT h.id AS semaphore, b.*
          FROM held AS h CROSS JOIN LATERAL (
            SELECT b.id, b.job_id, b.queue_name, b.priority,
              CASE WHEN isfinite(b.expires_at) AND isfinite(b.created_at) THEN %1$s - %2$s END AS span
            FROM %3$s AS b
            WHERE b.concurrency_key = h.key
            ORDER BY b.priority, b.job_id
            LIMIT 1
            FOR UPDATE OF b SKIP LOCKED) AS b
          WHERE h.sure),
        """
        .formatted(
            moment(tables.blocked(), "b", "expires_at"),
            moment(tables.blocked(), "b", "created_at"),
            tables.blocked().sql());
  }

  /** An error that is there already is overwritten, as by the library. */
  private String failed() {
    return """
        released AS (
          DELETE FROM %1$s AS t USING going AS c WHERE t.id = c.id RETURNING t.job_id),
        failed AS (
          INSERT INTO %2$s AS f (job_id, error, created_at)
          SELECT c.job_id, %3$s, %4$s
          FROM released AS r JOIN going AS c ON c.job_id = r.job_id
          ORDER BY c.job_id
          ON CONFLICT (job_id) DO UPDATE SET error = excluded.error),
        """
        .formatted(
            tables.table().sql(),
            tables.failed().sql(),
            ERROR,
            time(tables.failed(), "f", "created_at").now());
  }

  /**
   * The slot: one that is handed over changes no value, and lasts as long as the job that was
   * blocked would have waited for it, which is what its class says.
   */
  private String handed() {
    return """
        unblocked AS (
          DELETE FROM %1$s AS b USING heirs AS n WHERE b.id = n.id),
        queued AS (
          INSERT INTO %2$s (job_id, queue_name, priority, created_at)
          SELECT n.job_id, n.queue_name, n.priority, %3$s FROM heirs AS n ORDER BY n.job_id
          ON CONFLICT (job_id) DO NOTHING),
        slots AS (
          UPDATE %4$s AS s
          SET value = s.value + CASE WHEN n.id IS NULL THEN 1 ELSE 0 END,
            expires_at = greatest(s.expires_at, %5$s + n.span)
          FROM held AS h LEFT JOIN heirs AS n ON n.semaphore = h.id
          WHERE s.id = h.id AND h.sure)
        SELECT job_id::text AS id FROM released"""
        .formatted(
            tables.blocked().sql(),
            tables.ready().sql(),
            time(tables.ready(), "r", "created_at").now(),
            tables.semaphores().sql(),
            time(tables.semaphores(), "s", "expires_at").now());
  }

  private String moment(TableName table, String alias, String name) {
    return time(table, alias, name).moment();
  }

  private RowTime time(TableName table, String alias, String name) {
    return RowTime.of(catalog.other(table), alias, name);
  }
}
