package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/** Oban: a worker completes a job by its id. */
final class ToyOban implements ToyLibrary {
  @Override
  public String name() {
    return "oban";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("oban"));
  }

  @Override
  public String empty() {
    return "TRUNCATE oban_jobs";
  }

  @Override
  public List<String> source() {
    return List.of("preset: oban");
  }

  @Override
  public String add() {
    return "INSERT INTO oban_jobs (worker, max_attempts) VALUES ('Toy', ?) RETURNING id::text";
  }

  @Override
  public String take() {
    return """
        UPDATE oban_jobs SET state = 'executing', attempt = attempt + 1,
          attempted_at = now() AT TIME ZONE 'UTC', attempted_by = ARRAY[?, gen_random_uuid()::text]
        WHERE id = (SELECT id FROM oban_jobs WHERE state = 'available' ORDER BY id LIMIT 1
          FOR UPDATE SKIP LOCKED)
        RETURNING id::text, attempt::text""";
  }

  @Override
  public String age() {
    return """
        UPDATE oban_jobs SET attempted_at = attempted_at - interval '1 hour'
        WHERE id = ?::bigint""";
  }

  @Override
  public String complete() {
    return """
        UPDATE oban_jobs SET state = 'completed', completed_at = now() AT TIME ZONE 'UTC'
        WHERE id = ?::bigint AND ? IS NOT NULL""";
  }

  @Override
  public Late late() {
    return Late.THE_JOB;
  }

  @Override
  public String own() {
    return """
        UPDATE oban_jobs SET
          state = CASE WHEN attempt < max_attempts THEN 'available' ELSE 'discarded'
            END::oban_job_state,
          discarded_at = CASE WHEN attempt < max_attempts THEN NULL
            ELSE now() AT TIME ZONE 'UTC' END
        WHERE id = ?::bigint AND state = 'executing'""";
  }

  @Override
  public String due() {
    return "UPDATE oban_jobs SET state = 'available' WHERE state IN ('retryable', 'scheduled')";
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE state WHEN 'completed' THEN 'completed'
          WHEN 'executing' THEN 'running' WHEN 'discarded' THEN 'aside'
          WHEN 'cancelled' THEN 'aside' ELSE 'ready' END
        FROM oban_jobs""";
  }
}
