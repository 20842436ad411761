package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/**
 * The statements of a job library, as its workers send them.
 *
 * @param schema makes its tables, empty
 * @param source how the agent is told of it
 * @param add adds one job that is ready
 * @param take lets the holder {@code ?} take the next job; answers its id
 * @param complete completes the job {@code ?} of the holder {@code ?}
 * @param own what the library itself does with the orphan {@code ?}
 * @param open how many jobs are not completed
 * @param due makes every job that waits for its time ready now
 */
record ToyLibrary(
    String name,
    String schema,
    List<String> source,
    String add,
    String take,
    String complete,
    String own,
    String open,
    String due) {
  static final ToyLibrary TABLE =
      new ToyLibrary(
          "table",
          """
          CREATE TABLE jobs (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL,
            started timestamptz, attempts int NOT NULL DEFAULT 0, holder text)""",
          List.of(
              "table: public.jobs",
              "columns: {id: id, state: state, started: started, attempts: attempts, holder: holder}",
              "states: {ready: ready, running: running, failed: failed}",
              "max_attempts: 0"),
          "INSERT INTO jobs (state) VALUES ('ready')",
          """
          UPDATE jobs SET state = 'running', started = now(), attempts = attempts + 1, holder = ?
          WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY id LIMIT 1
            FOR UPDATE SKIP LOCKED)
          RETURNING id::text""",
          """
          UPDATE jobs SET state = 'done'
          WHERE id = ?::bigint AND holder = ? AND state = 'running'""",
          "UPDATE jobs SET state = 'ready' WHERE id = ?::bigint AND state = 'running'",
          "SELECT count(*) FROM jobs WHERE state <> 'done'",
          "SELECT 1");

  static final ToyLibrary RIVER =
      new ToyLibrary(
          "river",
          LibrarySchemas.of("river"),
          List.of("preset: river"),
          "INSERT INTO river_job (kind, max_attempts) VALUES ('toy', 1000)",
          """
          UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_at = now(),
            attempted_by = array_append(attempted_by, ?)
          WHERE id = (SELECT id FROM river_job WHERE state = 'available' ORDER BY id LIMIT 1
            FOR UPDATE SKIP LOCKED)
          RETURNING id::text""",
          """
          UPDATE river_job SET state = 'completed', finalized_at = now()
          WHERE id = ?::bigint AND ? IS NOT NULL AND state = 'running'""",
          """
          UPDATE river_job SET state = 'retryable', errors = array_append(errors, '{}')
          WHERE id = ?::bigint AND state = 'running'""",
          "SELECT count(*) FROM river_job WHERE state <> 'completed'",
          "UPDATE river_job SET state = 'available' WHERE state IN ('retryable', 'scheduled')");

  static final ToyLibrary OBAN =
      new ToyLibrary(
          "oban",
          LibrarySchemas.of("oban"),
          List.of("preset: oban"),
          "INSERT INTO oban_jobs (worker, max_attempts) VALUES ('Toy', 1000)",
          """
          UPDATE oban_jobs SET state = 'executing', attempt = attempt + 1,
            attempted_at = now() AT TIME ZONE 'UTC', attempted_by = ARRAY[?, gen_random_uuid()::text]
          WHERE id = (SELECT id FROM oban_jobs WHERE state = 'available' ORDER BY id LIMIT 1
            FOR UPDATE SKIP LOCKED)
          RETURNING id::text""",
          """
          UPDATE oban_jobs SET state = 'completed', completed_at = now() AT TIME ZONE 'UTC'
          WHERE id = ?::bigint AND ? IS NOT NULL AND state = 'executing'""",
          "UPDATE oban_jobs SET state = 'available' WHERE id = ?::bigint AND state = 'executing'",
          "SELECT count(*) FROM oban_jobs WHERE state <> 'completed'",
          "UPDATE oban_jobs SET state = 'available' WHERE state IN ('retryable', 'scheduled')");

  /** Each claim is of a process row of its own. */
  static final ToyLibrary SOLID_QUEUE =
      new ToyLibrary(
          "solid-queue",
          LibrarySchemas.of("solid_queue"),
          List.of("preset: solid-queue"),
          """
          WITH job AS (
            INSERT INTO solid_queue_jobs (queue_name, class_name, created_at, updated_at)
            VALUES ('default', 'Toy', now(), now()) RETURNING id, queue_name, created_at)
          INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
          SELECT * FROM job""",
          """
          WITH taken AS (
            DELETE FROM solid_queue_ready_executions
            WHERE id = (SELECT id FROM solid_queue_ready_executions ORDER BY id LIMIT 1
              FOR UPDATE SKIP LOCKED)
            RETURNING job_id),
          process AS (
            INSERT INTO solid_queue_processes
              (kind, last_heartbeat_at, pid, hostname, created_at, name)
            SELECT 'Worker', now() AT TIME ZONE 'UTC', split_part(holder, ':', 2)::int,
              split_part(holder, ':', 1), now() AT TIME ZONE 'UTC', gen_random_uuid()::text
            FROM (SELECT ?::text AS holder) AS h, taken
            RETURNING id)
          INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
          SELECT taken.job_id, process.id, clock_timestamp() AT TIME ZONE 'UTC'
          FROM taken, process
          RETURNING job_id::text""",
          """
          WITH claim AS (
            DELETE FROM solid_queue_claimed_executions
            WHERE job_id = ?::bigint AND ? IS NOT NULL RETURNING job_id)
          UPDATE solid_queue_jobs AS j SET finished_at = now() AT TIME ZONE 'UTC'
          FROM claim WHERE j.id = claim.job_id""",
          """
          WITH claim AS (
            DELETE FROM solid_queue_claimed_executions WHERE job_id = ?::bigint RETURNING job_id)
          INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
          SELECT j.id, j.queue_name, now() FROM solid_queue_jobs AS j JOIN claim ON job_id = j.id""",
          "SELECT count(*) FROM solid_queue_jobs WHERE finished_at IS NULL",
          "SELECT 1");

  static final List<ToyLibrary> ALL = List.of(TABLE, RIVER, OBAN, SOLID_QUEUE);

  @Override
  public String toString() {
    return name;
  }
}
