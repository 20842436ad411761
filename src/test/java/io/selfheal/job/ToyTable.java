package io.selfheal.job;

import java.util.List;

/** A table of an application's own; its workers compare the holder when they complete a job. */
final class ToyTable implements ToyLibrary {
  @Override
  public String name() {
    return "table";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(
        """
        CREATE TABLE jobs (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL,
          started timestamptz, heartbeat timestamptz, attempts int NOT NULL DEFAULT 0,
          holder text)""");
  }

  @Override
  public String empty() {
    return "TRUNCATE jobs";
  }

  @Override
  public List<String> source() {
    return List.of(
        "table: public.jobs",
        Rig.COLUMNS,
        "states: {ready: ready, running: running, failed: failed, dead_letter: dead}",
        "max_attempts: 0");
  }

  @Override
  public String add() {
    return "INSERT INTO jobs (state) SELECT 'ready' WHERE ?::int > 0 RETURNING id::text";
  }

  @Override
  public String take() {
    return """
        UPDATE jobs SET state = 'running', started = now(), attempts = attempts + 1, holder = ?
        WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY id LIMIT 1
          FOR UPDATE SKIP LOCKED)
        RETURNING id::text, holder""";
  }

  @Override
  public String age() {
    return "UPDATE jobs SET started = started - interval '1 hour' WHERE id = ?::bigint";
  }

  @Override
  public String beat() {
    return """
        UPDATE jobs SET heartbeat = clock_timestamp()
        WHERE id = ?::bigint AND holder = ? AND state = 'running'""";
  }

  @Override
  public String complete() {
    return """
        UPDATE jobs SET state = 'done'
        WHERE id = ?::bigint AND holder = ? AND state = 'running'""";
  }

  @Override
  public Late late() {
    return Late.NOTHING;
  }

  @Override
  public String own() {
    return """
        UPDATE jobs SET state = 'ready', heartbeat = NULL
        WHERE id = ?::bigint AND state = 'running'""";
  }

  @Override
  public String fates() {
    return """
        SELECT id::text, CASE state WHEN 'done' THEN 'completed' WHEN 'ready' THEN 'ready'
          WHEN 'running' THEN 'running' ELSE 'aside' END FROM jobs""";
  }
}
