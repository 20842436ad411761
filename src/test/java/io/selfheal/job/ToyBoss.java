package io.selfheal.job;

import java.nio.file.Path;
import java.util.List;

/**
 * pg-boss, in its own tables: one queue in the common one, one in a partition of its own, and the
 * queue of dead letters. Its workers compare the number of retries when they complete a job, as
 * since 12.35; what it rescues it deletes and inserts anew.
 */
final class ToyBoss implements ToyLibrary {
  private static final String QUEUES =
      """
      [["createQueue", "dead"], ["createQueue", "mail", {"deadLetter": "dead"}],
       ["createQueue", "own", {"partition": true, "deadLetter": "dead"}]]""";

  private static final String ID = "json_build_array(name, id)::text";

  @Override
  public String name() {
    return "pg-boss";
  }

  @Override
  public void make(Rig rig) {
    new BossLibrary(BossLibrary.install(), Path.of("target", "npm", "pg-boss")).call(rig, QUEUES);
  }

  @Override
  public String empty() {
    return "TRUNCATE pgboss.job";
  }

  @Override
  public List<String> source() {
    return List.of("preset: pg-boss", "holder: {worker: toys, only: true}");
  }

  @Override
  public String add() {
    return """
        INSERT INTO pgboss.job (name, policy, dead_letter, retry_delay, retry_limit)
        SELECT CASE count(*) %% 2 WHEN 0 THEN 'mail' ELSE 'own' END, 'standard', 'dead', 0,
          ?::int - 1
        FROM pgboss.job
        RETURNING %s"""
        .formatted(ID);
  }

  @Override
  public String take() {
    return """
        WITH next AS (
          SELECT name, id FROM pgboss.job
          WHERE name IN ('mail', 'own') AND state < 'active' AND NOT blocked
            AND start_after <= now() AND ? IS NOT NULL
          ORDER BY priority DESC, created_on LIMIT 1 FOR UPDATE SKIP LOCKED)
        UPDATE pgboss.job AS j SET state = 'active', started_on = now(), heartbeat_on = date_trunc('second', now()),
          retry_count = retry_count + CASE WHEN started_on IS NULL THEN 0 ELSE 1 END
        FROM next WHERE j.name = next.name AND j.id = next.id
        RETURNING json_build_array(j.name, j.id)::text, j.retry_count::text""";
  }

  @Override
  public String age() {
    return """
        UPDATE pgboss.job SET started_on = started_on - interval '1 hour',
          heartbeat_on = heartbeat_on - interval '1 hour'
        WHERE %s = ?"""
        .formatted(ID);
  }

  @Override
  public String beat() {
    return """
        UPDATE pgboss.job SET heartbeat_on = clock_timestamp()
        WHERE %s = ? AND retry_count = ?::int AND state = 'active'"""
        .formatted(ID);
  }

  @Override
  public String complete() {
    return """
        UPDATE pgboss.job SET state = 'completed', completed_on = now()
        WHERE %s = ? AND retry_count = ?::int AND state = 'active'"""
        .formatted(ID);
  }

  @Override
  public Late late() {
    return Late.NOTHING;
  }

  @Override
  public String own() {
    return """
        WITH expired AS (
          DELETE FROM pgboss.job WHERE %s = ? AND state = 'active' RETURNING *),
        kept AS (
          INSERT INTO pgboss.job
          SELECT n.* FROM expired AS e, jsonb_populate_record(
            NULL::pgboss.job, to_jsonb(e) || jsonb_build_object(
              'state', CASE WHEN e.retry_count < e.retry_limit THEN 'retry' ELSE 'failed' END,
              'completed_on', CASE WHEN e.retry_count < e.retry_limit THEN NULL ELSE now() END,
              'start_after', now(), 'heartbeat_on', NULL)) AS n
          RETURNING *)
        INSERT INTO pgboss.job (name, data, source_name, source_id)
        SELECT dead_letter, data, name, id FROM kept WHERE state = 'failed'"""
        .formatted(ID);
  }

  @Override
  public String due() {
    return "UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'";
  }

  @Override
  public String fates() {
    return """
        SELECT %s, CASE state::text WHEN 'completed' THEN 'completed' WHEN 'active' THEN 'running'
          WHEN 'created' THEN 'ready' WHEN 'retry' THEN 'ready' ELSE 'aside' END
        FROM pgboss.job WHERE name <> 'dead'"""
        .formatted(ID);
  }

  /** What failed has one copy in the other queue, and nothing else has one. */
  @Override
  public String broken() {
    return """
        SELECT format('%s is %s and has %s copies', j.id, j.state, count(d.id))
        FROM pgboss.job AS j
        LEFT JOIN pgboss.job AS d ON d.name = 'dead' AND d.source_name = j.name
          AND d.source_id = j.id
        WHERE j.name <> 'dead'
        GROUP BY j.name, j.id, j.state
        HAVING count(d.id) <> CASE j.state::text WHEN 'failed' THEN 1 ELSE 0 END""";
  }

  @Override
  public boolean namesHolder() {
    return false;
  }
}
