package io.selfheal.library;

/**
 * In what a rescue and the library's own recovery of a job must agree, as queries for a JSON text a
 * job: all but ids and times; of those, what they are to each other and to the time of the deed.
 */
public final class Outcomes {
  /** What times of pg-boss 12 are, between two times. */
  private static final String PG_BOSS =
      """
      SELECT (to_jsonb(j) - ARRAY['id', 'created_on', 'started_on', 'completed_on', 'start_after',
          'keep_until', 'singleton_on', 'heartbeat_on', 'source_id', 'source_root_id',
          'source_created_on'])
        || jsonb_build_object(
          'due', CASE WHEN j.start_after <= j.created_on THEN 'as before'
            WHEN j.state <> 'retry' THEN 'changed'
            WHEN NOT j.retry_backoff THEN
              (j.start_after - j.retry_delay * interval '1s' BETWEEN '%1$s' AND '%2$s')::text
            ELSE (j.start_after BETWEEN timestamptz '%1$s' + interval '1s' * least(
                j.retry_delay_max, greatest(j.retry_delay, 1) * 2 ^ j.retry_count)
              AND timestamptz '%2$s' + interval '1s' * least(
                j.retry_delay_max, greatest(j.retry_delay, 1) * 2 ^ (j.retry_count + 1)))::text END,
          'kept', j.keep_until - j.created_on,
          'started', j.started_on < '%1$s',
          'beats', to_jsonb(j) ->> 'heartbeat_on' IS NOT NULL,
          'completed', j.completed_on BETWEEN '%1$s' AND '%2$s',
          'throttled', j.singleton_on = date_bin('1 hour', j.created_on AT TIME ZONE 'UTC', '2000-01-01'),
          'created', j.created_on BETWEEN '%1$s' AND '%2$s',
          'output', jsonb_path_query_array(j.output, '$.keyvalue().value.message.type()'),
          'source_output',
            jsonb_path_query_array(nullif(to_jsonb(j) -> 'source_output', 'null'), '$.keyvalue().value.message.type()'),
          'source', (SELECT concat_ws(' ', s.data ->> 'name', s.id = (to_jsonb(j) ->> 'source_root_id')::uuid,
              s.created_on = (to_jsonb(j) ->> 'source_created_on')::timestamptz, s.output = to_jsonb(j) -> 'source_output')
            FROM pgboss.job s WHERE s.id = (to_jsonb(j) ->> 'source_id')::uuid
              AND s.name = to_jsonb(j) ->> 'source_name'))
      FROM pgboss.job j ORDER BY j.data ->> 'name', j.name""";

  private static final String GRAPHILE_WORKER =
      """
      SELECT (to_jsonb(j) - 'id' - 'payload' - 'created_at' - 'updated_at' - 'run_at'
        - 'job_queue_id') || jsonb_build_object('due', run_at <= now())
        || (SELECT jsonb_build_object('queue', q.locked_by, 'at', q.locked_at)
            FROM %1$s._private_job_queues q WHERE q.id = j.job_queue_id)
      FROM %1$s._private_jobs j WHERE payload ->> 'name' = '%2$s'""";

  private static final String DB_SCHEDULER =
      """
      SELECT jsonb_build_array(picked, picked_by, last_heartbeat, last_success,
        consecutive_failures, version, priority, task_data,
        last_failure > now() - interval '1 minute',
        abs(extract(epoch FROM execution_time - last_failure)) < 10)
      FROM scheduled_tasks WHERE task_name = '%s'""";

  private Outcomes() {}

  /**
   * All jobs of pg-boss, in the order of their names.
   *
   * @param from a time after they were taken, and before the deeds
   * @param until a time after the deeds
   */
  public static String ofPgBoss(String from, String until) {
    return PG_BOSS.formatted(from, until);
  }

  /** The job of graphile-worker with that name in its payload. */
  public static String ofGraphileWorker(String schema, String name) {
    return GRAPHILE_WORKER.formatted(schema, name);
  }

  /** The execution of a task of db-scheduler; the deed is not a minute old. */
  public static String ofDbScheduler(String task) {
    return DB_SCHEDULER.formatted(task);
  }
}
