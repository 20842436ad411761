package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/** GoodJob with the lock strategy {@code skiplocked}: a worker saves a job by its id. */
final class ToyGoodJob implements ToyLibrary {
  @Override
  public String name() {
    return "good-job";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("good_job"));
  }

  @Override
  public String empty() {
    return "TRUNCATE good_jobs, good_job_processes";
  }

  @Override
  public List<String> source() {
    return List.of("preset: good-job");
  }

  @Override
  public String add() {
    return """
        INSERT INTO good_jobs (created_at, updated_at, executions_count)
        SELECT clock_timestamp(), now(), 0 WHERE ?::int > 0 RETURNING id::text""";
  }

  @Override
  public String take() {
    return """
        WITH process AS (
          INSERT INTO good_job_processes (created_at, updated_at, state)
          SELECT now() AT TIME ZONE 'UTC', date_trunc('second', now() AT TIME ZONE 'UTC'), jsonb_build_object(
            'hostname', split_part(holder, ':', 1), 'pid', split_part(holder, ':', 2)::int)
          FROM (SELECT ?::text AS holder) AS h RETURNING id)
        UPDATE good_jobs AS j SET locked_by_id = process.id,
          locked_at = now() AT TIME ZONE 'UTC', performed_at = date_trunc('second', now() AT TIME ZONE 'UTC'),
          executions_count = executions_count + 1
        FROM process
        WHERE j.id = (SELECT id FROM good_jobs WHERE finished_at IS NULL AND locked_by_id IS NULL
          ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING j.id::text, j.locked_by_id::text""";
  }

  @Override
  public String age() {
    return """
        WITH job AS (
          UPDATE good_jobs SET locked_at = locked_at - interval '1 hour',
            performed_at = performed_at - interval '1 hour'
          WHERE id = ?::uuid RETURNING locked_by_id)
        UPDATE good_job_processes AS p SET updated_at = updated_at - interval '1 hour'
        FROM job WHERE p.id = job.locked_by_id""";
  }

  @Override
  public String beat() {
    return """
        UPDATE good_job_processes AS p SET updated_at = clock_timestamp() AT TIME ZONE 'UTC'
        FROM good_jobs AS j
        WHERE j.id = ?::uuid AND j.locked_by_id = ?::uuid AND p.id = j.locked_by_id""";
  }

  @Override
  public String complete() {
    return """
        UPDATE good_jobs SET finished_at = now() AT TIME ZONE 'UTC', locked_by_id = NULL,
          locked_at = NULL, error = NULL
        WHERE id = ?::uuid AND ? IS NOT NULL""";
  }

  @Override
  public Late late() {
    return Late.THE_JOB;
  }

  @Override
  public String own() {
    return """
        UPDATE good_jobs SET locked_by_id = NULL, locked_at = NULL
        WHERE id = ?::uuid AND finished_at IS NULL""";
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE WHEN finished_at IS NOT NULL AND error IS NOT NULL THEN 'aside'
          WHEN finished_at IS NOT NULL THEN 'completed'
          WHEN locked_by_id IS NOT NULL THEN 'running' ELSE 'ready' END
        FROM good_jobs""";
  }
}
