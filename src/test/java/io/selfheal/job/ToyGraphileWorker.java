package io.selfheal.job;

import io.selfheal.library.NodeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * graphile-worker, in its own tables: each second job has a queue of its own, which is locked with
 * it. A worker completes a job by its id, and deletes it.
 */
final class ToyGraphileWorker implements ToyLibrary {
  private static final String JOBS = "graphile_worker._private_jobs";
  private static final String QUEUES = "graphile_worker._private_job_queues";

  @Override
  public String name() {
    return "graphile-worker";
  }

  @Override
  public void make(Rig rig) {
    Path log = Path.of("target", "npm", "graphile-worker", "migrate.log");
    NodeLibrary node = NodeLibrary.install("graphile-worker", "worker.js");
    try {
      Process migration =
          node.start(log, "worker.js", rig.url.reveal(), "graphile_worker", "migrate");
      if (migration.waitFor() != 0) {
        throw new IllegalStateException("the migration failed, see " + log);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public String empty() {
    return "TRUNCATE %s, %s".formatted(JOBS, QUEUES);
  }

  @Override
  public List<String> source() {
    return List.of("preset: graphile-worker", "holder: {format: \"{host}:{pid}\"}");
  }

  @Override
  public String add() {
    return """
        SELECT (graphile_worker.add_job('toy', max_attempts => ?::int,
          queue_name => CASE count(*) %% 2 WHEN 0 THEN gen_random_uuid()::text END)).id::text
        FROM %s"""
        .formatted(JOBS);
  }

  @Override
  public String take() {
    return """
        WITH next AS (
          SELECT j.id, j.job_queue_id, h.holder
          FROM (SELECT ?::text AS holder) AS h, %1$s AS j
          LEFT JOIN %2$s AS q ON q.id = j.job_queue_id
          WHERE j.locked_at IS NULL AND j.attempts < j.max_attempts AND j.run_at <= now()
            AND q.locked_at IS NULL
          ORDER BY j.priority, j.run_at, j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED),
        queue AS (
          UPDATE %2$s AS q SET locked_by = next.holder, locked_at = now()
          FROM next WHERE q.id = next.job_queue_id)
        UPDATE %1$s AS j SET attempts = attempts + 1, locked_by = next.holder, locked_at = now()
        FROM next WHERE j.id = next.id
        RETURNING j.id::text, j.locked_by"""
        .formatted(JOBS, QUEUES);
  }

  @Override
  public String age() {
    return "UPDATE %s SET locked_at = locked_at - interval '1 hour' WHERE id = ?::bigint"
        .formatted(JOBS);
  }

  @Override
  public String complete() {
    return """
        WITH own AS (SELECT ?::bigint AS id, ?::text AS holder),
        queue AS (
          UPDATE %2$s AS q SET locked_by = NULL, locked_at = NULL
          FROM %1$s AS j, own
          WHERE j.id = own.id AND q.id = j.job_queue_id AND q.locked_by = own.holder)
        DELETE FROM %1$s AS j USING own WHERE j.id = own.id"""
        .formatted(JOBS, QUEUES);
  }

  @Override
  public Late late() {
    return Late.THE_JOB;
  }

  @Override
  public String own() {
    return """
        WITH job AS (
          UPDATE %s SET locked_at = NULL, locked_by = NULL, run_at = greatest(run_at, now())
          WHERE id = ?::bigint AND locked_at IS NOT NULL RETURNING job_queue_id)
        UPDATE %s AS q SET locked_at = NULL, locked_by = NULL
        FROM job WHERE q.id = job.job_queue_id"""
        .formatted(JOBS, QUEUES);
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE WHEN locked_at IS NOT NULL THEN 'running'
          WHEN attempts >= max_attempts THEN 'aside' ELSE 'ready' END
        FROM %s"""
        .formatted(JOBS);
  }

  @Override
  public boolean deletes() {
    return true;
  }
}
