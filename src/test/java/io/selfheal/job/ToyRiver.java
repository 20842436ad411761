package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/** River: a worker compares that the job runs when it completes it. */
final class ToyRiver implements ToyLibrary {
  @Override
  public String name() {
    return "river";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("river"));
  }

  @Override
  public String empty() {
    return "TRUNCATE river_job";
  }

  @Override
  public List<String> source() {
    return List.of("preset: river");
  }

  @Override
  public String add() {
    return "INSERT INTO river_job (kind, max_attempts) VALUES ('toy', ?) RETURNING id::text";
  }

  @Override
  public String take() {
    return """
        UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_at = now(),
          attempted_by = array_append(attempted_by, ?)
        WHERE id = (SELECT id FROM river_job WHERE state = 'available' ORDER BY id LIMIT 1
          FOR UPDATE SKIP LOCKED)
        RETURNING id::text, attempt::text""";
  }

  @Override
  public String age() {
    return """
        UPDATE river_job SET attempted_at = attempted_at - interval '1 hour'
        WHERE id = ?::bigint""";
  }

  @Override
  public String complete() {
    return """
        UPDATE river_job SET state = 'completed', finalized_at = now()
        WHERE id = ?::bigint AND ? IS NOT NULL AND state = 'running'""";
  }

  @Override
  public Late late() {
    return Late.THE_NEXT_ATTEMPT;
  }

  @Override
  public String own() {
    return """
        UPDATE river_job SET errors = array_append(errors, '{}'),
          state = CASE WHEN attempt < max_attempts THEN 'retryable' ELSE 'discarded'
            END::river_job_state,
          finalized_at = CASE WHEN attempt < max_attempts THEN NULL ELSE now() END
        WHERE id = ?::bigint AND state = 'running'""";
  }

  @Override
  public String due() {
    return "UPDATE river_job SET state = 'available' WHERE state IN ('retryable', 'scheduled')";
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE state WHEN 'completed' THEN 'completed' WHEN 'running' THEN 'running'
          WHEN 'discarded' THEN 'aside' WHEN 'cancelled' THEN 'aside' ELSE 'ready' END
        FROM river_job""";
  }
}
