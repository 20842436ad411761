package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/**
 * Solid Queue 1.5: each claim is of a process row of its own here; a worker completes a job only
 * while its claim is there.
 */
final class ToySolidQueue implements ToyLibrary {
  @Override
  public String name() {
    return "solid-queue";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("solid_queue"));
  }

  @Override
  public String empty() {
    return "TRUNCATE solid_queue_jobs, solid_queue_processes CASCADE";
  }

  @Override
  public List<String> source() {
    return List.of("preset: solid-queue");
  }

  @Override
  public String add() {
    return """
        WITH job AS (
          INSERT INTO solid_queue_jobs (queue_name, class_name, created_at, updated_at)
          SELECT 'default', 'Toy', now(), now() WHERE ?::int > 0
          RETURNING id, queue_name, created_at)
        INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
        SELECT * FROM job RETURNING job_id::text""";
  }

  @Override
  public String take() {
    return """
        WITH taken AS (
          DELETE FROM solid_queue_ready_executions
          WHERE id = (SELECT id FROM solid_queue_ready_executions ORDER BY id LIMIT 1
            FOR UPDATE SKIP LOCKED)
          RETURNING job_id),
        process AS (
          INSERT INTO solid_queue_processes
            (kind, last_heartbeat_at, pid, hostname, created_at, name)
          SELECT 'Worker', date_trunc('second', now() AT TIME ZONE 'UTC'), split_part(holder, ':', 2)::int,
            split_part(holder, ':', 1), now() AT TIME ZONE 'UTC', gen_random_uuid()::text
          FROM (SELECT ?::text AS holder) AS h, taken
          RETURNING id)
        INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
        SELECT taken.job_id, process.id, clock_timestamp() AT TIME ZONE 'UTC'
        FROM taken, process
        RETURNING job_id::text, id::text""";
  }

  @Override
  public String age() {
    return """
        WITH claim AS (
          UPDATE solid_queue_claimed_executions SET created_at = created_at - interval '1 hour'
          WHERE job_id = ?::bigint RETURNING process_id)
        UPDATE solid_queue_processes AS p
        SET last_heartbeat_at = last_heartbeat_at - interval '1 hour'
        FROM claim WHERE p.id = claim.process_id""";
  }

  @Override
  public String beat() {
    return """
        UPDATE solid_queue_processes AS p
        SET last_heartbeat_at = clock_timestamp() AT TIME ZONE 'UTC'
        FROM solid_queue_claimed_executions AS c
        WHERE c.job_id = ?::bigint AND c.id = ?::bigint AND p.id = c.process_id""";
  }

  @Override
  public String complete() {
    return """
        WITH claim AS (
          DELETE FROM solid_queue_claimed_executions
          WHERE job_id = ?::bigint AND id = ?::bigint RETURNING job_id)
        UPDATE solid_queue_jobs AS j SET finished_at = now() AT TIME ZONE 'UTC'
        FROM claim WHERE j.id = claim.job_id""";
  }

  @Override
  public Late late() {
    return Late.NOTHING;
  }

  @Override
  public String own() {
    return """
        WITH claim AS (
          DELETE FROM solid_queue_claimed_executions WHERE job_id = ?::bigint RETURNING job_id)
        INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
        SELECT j.id, j.queue_name, now() FROM solid_queue_jobs AS j JOIN claim ON job_id = j.id""";
  }

  @Override
  public String fates() {
    return """
        SELECT j.id::text, CASE WHEN j.finished_at IS NOT NULL THEN 'completed'
          WHEN c.id IS NOT NULL THEN 'running' WHEN f.id IS NOT NULL THEN 'aside'
          ELSE 'ready' END
        FROM solid_queue_jobs AS j
        LEFT JOIN solid_queue_failed_executions AS f ON f.job_id = j.id
        LEFT JOIN solid_queue_claimed_executions AS c ON c.job_id = j.id""";
  }

  @Override
  public String broken() {
    return """
        SELECT concat_ws(' ', 'job', j.id, j.finished_at, 'claimed', c.id, 'ready', r.id, 'failed', f.id)
        FROM solid_queue_jobs AS j
        LEFT JOIN solid_queue_claimed_executions AS c ON c.job_id = j.id
        LEFT JOIN solid_queue_ready_executions AS r ON r.job_id = j.id
        LEFT JOIN solid_queue_failed_executions AS f ON f.job_id = j.id
        WHERE num_nonnulls(j.finished_at, c.id, r.id, f.id) <> 1""";
  }
}
