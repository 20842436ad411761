package io.selfheal.bench;

import java.util.List;

/** River's table and statements. */
final class RiverShape {
  private static final String STUCK =
      """
      SELECT * FROM river_job
      WHERE state = 'running' AND id > 0 AND attempted_at < now() - interval '1 hour'
      ORDER BY id LIMIT 1000""";

  /** What becomes of each job; the times and the error that the library computes in its process. */
  private static final String RESCUED =
      """
      errors = array_append(t.errors, jsonb_build_object('at', now(), 'attempt', t.attempt,
        'error', 'Stuck job rescued by Rescuer', 'trace', '')),
      finalized_at = NULL, scheduled_at = now() + interval '1 second',
      metadata = t.metadata || jsonb_build_object('river:rescue_count', coalesce(
        CASE WHEN jsonb_typeof(t.metadata -> 'river:rescue_count') = 'number'
          THEN (t.metadata ->> 'river:rescue_count')::int END, 0) + 1),
      state = 'retryable'""";

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TYPE river_job_state AS ENUM ('available', 'cancelled', 'completed',
            'discarded', 'pending', 'retryable', 'running', 'scheduled')""",
          """
          CREATE TABLE river_job (
            id bigserial PRIMARY KEY, state river_job_state NOT NULL DEFAULT 'available',
            attempt smallint NOT NULL DEFAULT 0, max_attempts smallint NOT NULL DEFAULT 25,
            attempted_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
            finalized_at timestamptz, scheduled_at timestamptz NOT NULL DEFAULT now(),
            priority smallint NOT NULL DEFAULT 1, args jsonb NOT NULL DEFAULT '{}',
            attempted_by text[], errors jsonb[], kind text NOT NULL DEFAULT 'bench',
            metadata jsonb NOT NULL DEFAULT '{}', queue text NOT NULL DEFAULT 'default',
            tags varchar(255)[] NOT NULL DEFAULT '{}', unique_key bytea, unique_states bit(8))""",
          "CREATE INDEX ON river_job (kind)",
          "CREATE INDEX ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL",
          "CREATE INDEX ON river_job (state, queue, priority, scheduled_at, id)",
          "CREATE INDEX ON river_job USING gin (args)",
          "CREATE INDEX ON river_job USING gin (metadata)",
          "CREATE UNIQUE INDEX ON river_job (unique_key) WHERE unique_key IS NOT NULL");

  static final SweepShape SHAPE =
      new SweepShape(
          "river_job",
          SCHEMA,
          """
          INSERT INTO river_job (state, attempt, attempted_at, attempted_by, finalized_at)
          SELECT CASE WHEN i > %1$d - %2$d THEN 'running' ELSE 'completed' END::river_job_state, 1,
            now() - interval '2 hours', ARRAY['gone'],
            CASE WHEN i > %1$d - %2$d THEN NULL ELSE now() END
          FROM generate_series(1, %1$d) AS i""",
          """
          preset: river
          holder: {worker: bench, format: "{instance}"}
          """,
          "UPDATE river_job AS t SET "
              + RESCUED
              + " WHERE state = 'running' AND attempted_at < now() - interval '1 hour'",
          STUCK,
          "WITH stuck AS MATERIALIZED ("
              + STUCK
              + ") UPDATE river_job AS t SET "
              + RESCUED
              + " FROM stuck WHERE t.id = stuck.id",
          """
          UPDATE river_job SET state = 'running', attempted_at = now() - interval '2 hours',
            errors = NULL, metadata = '{}'
          WHERE state = 'retryable'""",
          "UPDATE river_job SET priority = 1 + random()::int WHERE id = ?");

  private RiverShape() {}
}
