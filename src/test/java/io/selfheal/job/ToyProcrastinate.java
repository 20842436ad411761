package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/** Procrastinate: a worker finishes a job by its id, also one that waits again. */
final class ToyProcrastinate implements ToyLibrary {
  @Override
  public String name() {
    return "procrastinate";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("procrastinate"));
  }

  @Override
  public String empty() {
    return "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events";
  }

  @Override
  public List<String> source() {
    return List.of("preset: procrastinate", "holder: {worker: toys, only: true}");
  }

  @Override
  public String add() {
    return """
        INSERT INTO procrastinate_jobs (queue_name, task_name)
        SELECT 'default', 'toy' WHERE ?::int > 0 RETURNING id::text""";
  }

  @Override
  public String take() {
    return """
        WITH worker AS (
          INSERT INTO procrastinate_workers (last_heartbeat)
          SELECT date_trunc('second', now()) WHERE ? IS NOT NULL RETURNING id)
        UPDATE procrastinate_jobs AS j SET status = 'doing', worker_id = worker.id
        FROM worker
        WHERE j.id = (SELECT id FROM procrastinate_jobs
          WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
          ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING j.id::text, j.worker_id::text""";
  }

  @Override
  public String age() {
    return """
        WITH job AS (
          UPDATE procrastinate_events AS e SET at = at - interval '1 hour'
          FROM procrastinate_jobs AS j
          WHERE j.id = ?::bigint AND e.job_id = j.id AND e.type = 'started'
          RETURNING j.worker_id)
        UPDATE procrastinate_workers AS w SET last_heartbeat = last_heartbeat - interval '1 hour'
        WHERE w.id IN (SELECT worker_id FROM job)""";
  }

  @Override
  public String beat() {
    return """
        UPDATE procrastinate_workers AS w SET last_heartbeat = clock_timestamp()
        FROM procrastinate_jobs AS j
        WHERE j.id = ?::bigint AND j.worker_id = ?::bigint AND w.id = j.worker_id""";
  }

  @Override
  public String complete() {
    return """
        UPDATE procrastinate_jobs SET status = 'succeeded', abort_requested = false,
          attempts = CASE status WHEN 'doing' THEN attempts + 1 ELSE attempts END
        WHERE id = ?::bigint AND ? IS NOT NULL AND status IN ('todo', 'doing')""";
  }

  @Override
  public Late late() {
    return Late.THE_JOB;
  }

  /** It never does by itself: so an application does, as its documentation says. */
  @Override
  public String own() {
    return """
        SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs
        WHERE id = ?::bigint AND status = 'doing'""";
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE status WHEN 'succeeded' THEN 'completed' WHEN 'doing' THEN 'running'
          WHEN 'todo' THEN 'ready' ELSE 'aside' END
        FROM procrastinate_jobs""";
  }

  @Override
  public boolean namesHolder() {
    return false;
  }
}
