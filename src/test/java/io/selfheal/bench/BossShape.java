package io.selfheal.bench;

import java.util.List;

/** The tables and statements of pg-boss; a job of number i has i in the end of its id. */
final class BossShape {
  private static final String COLUMNS =
      """
      id, name, priority, data, retry_limit, retry_count, retry_delay, retry_backoff,
        retry_delay_max, started_on, singleton_key, singleton_on, group_id, group_tier,
        expire_seconds, deletion_seconds, created_on, keep_until, policy, dead_letter,
        heartbeat_seconds, blocked""";

  private static final String STUCK =
      """
      SELECT name, id FROM pgboss.job
      WHERE state = 'active' AND started_on + expire_seconds * interval '1s' < now()""";

  private static final String BATCH = STUCK + " ORDER BY name, id LIMIT 1000";

  /** As the library expires jobs with retries left: rows are deleted, and inserted anew. */
  private static final String EXPIRE =
      """
      WITH stuck AS MATERIALIZED (%s),
      deleted AS (
        DELETE FROM pgboss.job AS t USING stuck AS s WHERE t.name = s.name AND t.id = s.id
        RETURNING t.*)
      INSERT INTO pgboss.job (%s, state, start_after, completed_on, output, heartbeat_on)
      SELECT %2$s, 'retry', now() + retry_delay * interval '1 second', NULL,
        '{"value": {"message": "job timed out"}}', NULL
      FROM deleted
      ON CONFLICT DO NOTHING""";

  private static final List<String> SCHEMA =
      List.of(
          "CREATE SCHEMA pgboss",
          """
          CREATE TYPE pgboss.job_state AS ENUM ('created', 'retry', 'active', 'completed',
            'cancelled', 'failed')""",
          """
          CREATE TABLE pgboss.queue (
            name text PRIMARY KEY, retry_limit integer NOT NULL DEFAULT 2,
            retry_backoff boolean NOT NULL DEFAULT false, retry_delay integer NOT NULL DEFAULT 0,
            retention_seconds integer NOT NULL DEFAULT 1209600,
            deletion_seconds integer NOT NULL DEFAULT 604800)""",
          """
          CREATE TABLE pgboss.job (
            id uuid NOT NULL, name text NOT NULL, priority integer NOT NULL DEFAULT 0, data jsonb,
            state pgboss.job_state NOT NULL DEFAULT 'created', retry_limit integer NOT NULL DEFAULT 2,
            retry_count integer NOT NULL DEFAULT 0, retry_delay integer NOT NULL DEFAULT 0,
            retry_backoff boolean NOT NULL DEFAULT false, retry_delay_max integer,
            expire_seconds integer NOT NULL DEFAULT 900,
            deletion_seconds integer NOT NULL DEFAULT 604800, singleton_key text,
            singleton_on timestamp, group_id text, group_tier text,
            start_after timestamptz NOT NULL DEFAULT now(),
            created_on timestamptz NOT NULL DEFAULT now(), started_on timestamptz,
            completed_on timestamptz,
            keep_until timestamptz NOT NULL DEFAULT now() + interval '14 days', output jsonb,
            dead_letter text, policy text, heartbeat_on timestamptz, heartbeat_seconds integer,
            blocked boolean NOT NULL DEFAULT false, PRIMARY KEY (name, id))
          PARTITION BY LIST (name)""",
          "CREATE TABLE pgboss.job_common PARTITION OF pgboss.job DEFAULT",
          """
          CREATE INDEX ON pgboss.job_common (name, priority DESC, created_on, start_after)
          WHERE state < 'active' AND NOT blocked""",
          """
          CREATE UNIQUE INDEX ON pgboss.job_common (name, singleton_on, coalesce(singleton_key, ''))
          WHERE state <> 'cancelled' AND singleton_on IS NOT NULL""",
          "CREATE INDEX ON pgboss.job_common (name, completed_on) WHERE completed_on IS NOT NULL");

  static final SweepShape SHAPE =
      new SweepShape(
          "pgboss.job",
          SCHEMA,
          """
          INSERT INTO pgboss.job (name, id, state, started_on, completed_on, data)
          SELECT 'bench', ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
            CASE WHEN i > %1$d - %2$d THEN 'active' ELSE 'completed' END::pgboss.job_state,
            now() - interval '2 hours', CASE WHEN i > %1$d - %2$d THEN NULL ELSE now() END, '{}'
          FROM generate_series(1, %1$d) AS i""",
          """
          preset: pg-boss
          holder: {worker: bench, only: true}
          """,
          EXPIRE.formatted(STUCK, COLUMNS),
          BATCH,
          EXPIRE.formatted(BATCH, COLUMNS),
          """
          UPDATE pgboss.job SET state = 'active', started_on = now() - interval '2 hours'
          WHERE state = 'retry'""",
          """
          UPDATE pgboss.job SET priority = random()::int WHERE name = 'bench'
          AND id = ('00000000-0000-4000-8000-' || lpad(to_hex(?::bigint), 12, '0'))::uuid""");

  private BossShape() {}
}
