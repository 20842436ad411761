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
 * @param rescue the library's own rescue of one such batch; changes nothing when none is left
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
    String rescue,
    String again,
    String touch) {
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
          holder: {worker: bench}
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
          WITH stuck AS MATERIALIZED (
            SELECT id FROM pgboss_job
            WHERE state = 'active' AND started_on + expire_seconds * interval '1s' < now()
            ORDER BY id LIMIT 1000)
          UPDATE pgboss_job AS t SET state = 'retry', started_on = NULL
          FROM stuck WHERE t.id = stuck.id""",
          """
          UPDATE pgboss_job SET state = 'active', started_on = now() - interval '2 hours'
          WHERE state = 'retry'""",
          "UPDATE pgboss_job SET priority = random()::int WHERE id = ?");

  /** All. */
  static List<SweepShape> all() {
    return List.of(RiverShape.SHAPE, PG_BOSS);
  }

  static SweepShape named(String name) {
    return all().stream().filter(shape -> shape.name().equals(name)).findFirst().orElseThrow();
  }
}
