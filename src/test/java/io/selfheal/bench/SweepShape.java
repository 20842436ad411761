package io.selfheal.bench;

import java.util.List;

/**
 * A table in the shape of a library's, of our own writing from its published columns and indexes.
 *
 * @param schema makes it, empty
 * @param fill adds $1 rows in all, of which the newest $2 run; written with {@code %d}
 * @param source how the agent is told of it
 * @param single one UPDATE that rescues all that is stuck
 * @param find the library's own look for stuck jobs, a batch of 1,000
 * @param again makes the rescued jobs stuck again
 * @param touch one transaction of the load, on the row of the id {@code ?}, which never runs
 */
record SweepShape(
    String name,
    List<String> schema,
    String fill,
    String source,
    String single,
    String find,
    String again,
    String touch) {
  static final SweepShape RIVER =
      new SweepShape(
          "river_job",
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
                tags varchar(255)[] NOT NULL DEFAULT '{}')""",
              "CREATE INDEX ON river_job (kind)",
              """
              CREATE INDEX ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL""",
              "CREATE INDEX ON river_job (state, queue, priority, scheduled_at, id)"),
          """
          INSERT INTO river_job (state, attempt, attempted_at, attempted_by, finalized_at)
          SELECT CASE WHEN i > %1$d - %2$d THEN 'running' ELSE 'completed' END::river_job_state, 1,
            now() - interval '2 hours', ARRAY['gone'],
            CASE WHEN i > %1$d - %2$d THEN NULL ELSE now() END
          FROM generate_series(1, %1$d) AS i""",
          """
          table: public.river_job
          columns: {id: id, state: state, started: attempted_at, attempts: attempt}
          states: {ready: available, running: running, failed: discarded}
          max_attempts: 25
          """,
          """
          UPDATE river_job SET state = 'available', attempted_at = NULL
          WHERE state = 'running' AND attempted_at < now() - interval '1 hour'""",
          """
          SELECT * FROM river_job
          WHERE state = 'running' AND attempted_at < now() - interval '1 hour'
          ORDER BY id LIMIT 1000""",
          """
          UPDATE river_job SET state = 'running', attempted_at = now() - interval '2 hours'
          WHERE state = 'available'""",
          "UPDATE river_job SET priority = 1 + random()::int WHERE id = ?");

  static final SweepShape PG_BOSS =
      new SweepShape(
          "pgboss_job",
          List.of(
              """
              CREATE TYPE job_state AS ENUM ('created', 'retry', 'active', 'completed',
                'cancelled', 'failed')""",
              """
              CREATE TABLE pgboss_job (
                id bigserial PRIMARY KEY, name text NOT NULL DEFAULT 'bench',
                priority integer NOT NULL DEFAULT 0, data jsonb, state job_state NOT NULL
                DEFAULT 'created', retry_limit integer NOT NULL DEFAULT 2,
                retry_count integer NOT NULL DEFAULT 0, retry_delay integer NOT NULL DEFAULT 0,
                expire_seconds integer NOT NULL DEFAULT 900,
                start_after timestamptz NOT NULL DEFAULT now(),
                created_on timestamptz NOT NULL DEFAULT now(), started_on timestamptz,
                completed_on timestamptz, keep_until timestamptz DEFAULT now() + interval '14 days',
                output jsonb, dead_letter text, policy text)""",
              """
              CREATE INDEX ON pgboss_job (name, start_after) INCLUDE (priority, created_on, id)
              WHERE state < 'active'"""),
          """
          INSERT INTO pgboss_job (state, started_on, completed_on, data)
          SELECT CASE WHEN i > %1$d - %2$d THEN 'active' ELSE 'completed' END::job_state,
            now() - interval '2 hours', CASE WHEN i > %1$d - %2$d THEN NULL ELSE now() END, '{}'
          FROM generate_series(1, %1$d) AS i""",
          """
          table: public.pgboss_job
          columns: {id: id, state: state, started: started_on, attempts: retry_count}
          states: {ready: retry, running: active, failed: failed}
          max_attempts: 25
          """,
          """
          UPDATE pgboss_job SET state = 'retry', started_on = NULL
          WHERE state = 'active' AND started_on + expire_seconds * interval '1s' < now()""",
          """
          SELECT * FROM pgboss_job
          WHERE state = 'active' AND started_on + expire_seconds * interval '1s' < now()
          ORDER BY id LIMIT 1000""",
          """
          UPDATE pgboss_job SET state = 'active', started_on = now() - interval '2 hours'
          WHERE state = 'retry'""",
          "UPDATE pgboss_job SET priority = random()::int WHERE id = ?");
}
