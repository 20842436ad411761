package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the look into the catalog of a real PostgreSQL says of tables whose columns are there, but
 * are not what the statements of a preset need. Each is said before any job is looked at.
 */
class ProbeTest {
  private static final String JOBS =
      "CREATE TABLE jobs (id int PRIMARY KEY, state text, started timestamptz, heartbeat timestamptz,"
          + " attempts int, holder text)";

  /** A library's table with one thing changed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "river | ALTER TABLE river_job ALTER attempt TYPE text |"
            + " column attempt of public.river_job is text; what fits: smallint, integer or bigint",
        "river | ALTER TABLE river_job ALTER scheduled_at DROP DEFAULT, ALTER scheduled_at TYPE timestamp |"
            + " column scheduled_at of public.river_job is timestamp without time zone;"
            + " what fits: timestamp with time zone",
        "river | ALTER TABLE river_job ALTER metadata DROP DEFAULT, ALTER metadata TYPE json |"
            + " column metadata of public.river_job is json; what fits: jsonb",
        "river | ALTER TABLE river_job ALTER errors TYPE text[] |"
            + " column errors of public.river_job is text[]; what fits: jsonb[]",
        "river | ALTER TYPE river_job_state RENAME VALUE 'discarded' TO 'dead' |"
            + " column state of public.river_job (river_job_state) cannot be discarded; it can be:"
            + " available, cancelled, completed, dead, pending, retryable, running, scheduled",
        "oban | ALTER TABLE oban_jobs ALTER attempted_by TYPE text |"
            + " column attempted_by of public.oban_jobs is text; what fits: text[] or varchar[]",
        "oban | ALTER TYPE oban_job_state RENAME VALUE 'available' TO 'ready' |"
            + " column state of public.oban_jobs (oban_job_state) cannot be available",
        "good_job | ALTER TABLE good_job_processes ALTER state TYPE text |"
            + " column state of public.good_job_processes is text; what fits: jsonb or json",
        "good_job | ALTER TABLE good_jobs ALTER locked_at TYPE bigint USING 1 |"
            + " column locked_at of public.good_jobs is bigint;"
            + " what fits: timestamp with or without time zone",
        "solid_queue | ALTER TABLE solid_queue_claimed_executions ALTER process_id TYPE text |"
            + " column process_id of public.solid_queue_claimed_executions is text;"
            + " what fits: smallint, integer or bigint",
        "procrastinate | ALTER TYPE procrastinate_job_status RENAME VALUE 'failed' TO 'broken' |"
            + " column status of public.procrastinate_jobs (procrastinate_job_status) cannot be failed",
        "procrastinate | ALTER TABLE procrastinate_workers ALTER last_heartbeat DROP DEFAULT,"
            + " ALTER last_heartbeat TYPE timestamp |"
            + " column last_heartbeat of public.procrastinate_workers is timestamp without time zone",
        "db-scheduler | ALTER TABLE scheduled_tasks ALTER picked TYPE int USING 1 |"
            + " column picked of public.scheduled_tasks is integer; what fits: boolean",
        "que | ALTER TABLE que_jobs ALTER run_at DROP DEFAULT, ALTER run_at TYPE text |"
            + " column run_at of public.que_jobs is text; what fits: timestamp with time zone"
      })
  void aLibrarysTableOfOtherTypesSaysWhichOnesFit(String library, String change, String said) {
    try (Rig rig = new Rig().sql(LibrarySchemas.of(library))) {
      rig.deployWith("preset: " + library.replace('_', '-'));
      assertNull(problem(rig), "as the library makes it");
      rig.sql(change);
      rig.count();
      assertUnfit(rig, said);
      assertTrue(
          String.valueOf(problem(rig)).contains("let its own migrations bring the table"),
          problem(rig));
    }
  }

  /** A mapped table with one thing changed, and the states with which it is mapped. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ALTER started TYPE text | running | column started (started) of public.jobs is text;"
            + " what fits: timestamp with or without time zone; name another in columns,"
            + " or change its type",
        "ALTER heartbeat TYPE date | running | column heartbeat (heartbeat) of public.jobs is date",
        "ALTER attempts TYPE text | running | column attempts (attempts) of public.jobs is text;"
            + " what fits: a number",
        "ALTER state TYPE jsonb USING '1' | running | column state (state) of public.jobs is jsonb;"
            + " what fits: an enum, text, varchar, a number or boolean",
        "ALTER state TYPE varchar(5) | running | column state (state) of public.jobs"
            + " (character varying(5)) cannot be running (states.running), failed (states.failed);"
            + " correct states.running, states.failed",
        "ALTER state TYPE smallint USING 1 | 70000 | column state (state) of public.jobs (smallint)"
            + " cannot be ready (states.ready), 70000 (states.running), failed (states.failed)",
        "ALTER state TYPE boolean USING true | t | column state (state) of public.jobs (boolean)"
            + " cannot be ready (states.ready), failed (states.failed)",
        "ALTER state TYPE phase USING 'ready' | running | column state (state) of public.jobs (phase)"
            + " cannot be failed (states.failed); it can be: ready, running, done;"
            + " correct states.failed, or run: ALTER TYPE phase ADD VALUE 'failed'",
        "ALTER state TYPE phased USING 'ready' | running | column state (state) of public.jobs is"
            + " phased, a domain over phase; what fits: an enum, text, varchar, a number or boolean",
        "ALTER state TYPE nested USING 'ready' | executing | column state (state) of public.jobs"
            + " (nested) cannot be executing (states.running); correct states.running",
        "ADD CONSTRAINT known CHECK (state IN ('ready', 'running', 'done')) | running |"
            + " the constraint known of public.jobs, CHECK ((state = ANY (ARRAY['ready'::text,"
            + " 'running'::text, 'done'::text]))), does not allow state = 'failed';"
            + " correct states.failed, or the constraint",
        "ADD CONSTRAINT known CHECK (state ~ '^(ready)$') | running |"
            + " does not allow state = 'running'; correct states.running",
        "ADD CONSTRAINT held CHECK (state <> 'ready' OR holder IS NOT NULL) | running | the constraint"
            + " held of public.jobs, CHECK (((state <> 'ready'::text) OR (holder IS NOT NULL))),"
            + " does not allow heartbeat = NULL, holder = NULL, started = NULL, state = 'ready'; correct"
            + " states.ready, or the constraint",
        "ALTER state TYPE worded | running | the constraint worded_check of public.jobs, CHECK ((VALUE"
            + " = ANY (ARRAY['ready'::text, 'running'::text]))), does not allow state = 'failed'",
        "DROP state, ADD state text GENERATED ALWAYS AS ('ready') STORED | running | column state"
            + " (state) of public.jobs is generated by the table, and a rescue must write it"
      })
  void aMappedTableThatCannotHaveWhatIsConfiguredSaysSo(
      String change, String running, String said) {
    try (Rig rig = mapped(running)) {
      rig.sql("ALTER TABLE jobs " + change);
      rig.count();
      assertUnfit(rig, said);
    }
  }

  /** What looks odd, and works. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ALTER state TYPE varchar(7)",
        "ALTER state TYPE every USING 'ready'",
        "ALTER state TYPE nested USING 'ready'",
        "ALTER attempts TYPE numeric(6, 1)",
        "ALTER started TYPE timestamp(3), ALTER heartbeat TYPE stamp",
        "ADD CONSTRAINT known CHECK (state IN ('ready', 'running', 'failed', 'done'))",
        "ADD CONSTRAINT row CHECK (state = 'done' OR attempts < 100)",
        "ADD CONSTRAINT odd CHECK (1 / length(state) < 1)",
        "ADD CONSTRAINT fails CHECK (state <> 'x' AND 1 / (length(state) - 6) < 9)"
      })
  void whatTheTableAllowsIsSwept(String change) {
    try (Rig rig = mapped("running")) {
      rig.sql("ALTER TABLE jobs " + change)
          .sql(
              "INSERT INTO jobs (id, state, started, attempts, holder)"
                  + " VALUES (1, 'running', now(), 1, 'here:1')");
      rig.count();
      assertNull(rig.source().problem());
      assertEquals(1, rig.sweep().rescued());
      assertEquals("ready", rig.value("SELECT state FROM jobs"));
    }
  }

  private static Rig mapped(String running) {
    return new Rig()
        .sql(JOBS)
        .sql(
            """
            CREATE TYPE phase AS ENUM ('ready', 'running', 'done');
            CREATE TYPE every AS ENUM ('ready', 'running', 'failed');
            CREATE DOMAIN phased AS phase; CREATE DOMAIN word AS varchar(7);
            CREATE DOMAIN nested AS word CHECK (VALUE <> 'x');
            CREATE DOMAIN stamp AS timestamp(6);
            CREATE DOMAIN worded AS text CHECK (VALUE IN ('ready', 'running'))""")
        .deployWith(
            "table: jobs",
            Rig.COLUMNS,
            "states: {ready: ready, running: " + running + ", failed: failed}");
  }

  private static void assertUnfit(Rig rig, String said) {
    String problem = String.valueOf(rig.source().problem());
    assertTrue(problem.contains(said), problem);
    assertEquals(problem, rig.sweep().problems().get("images"));
    assertEquals(problem, rig.dryRun().problems().get("images"));
    assertEquals(problem, rig.stuck(10).problems().get("images"));
  }

  private static @Nullable String problem(Rig rig) {
    return rig.source().problem();
  }
}
