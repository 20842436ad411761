package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of many shapes, and tables that are not as configured. */
class TablesTest {
  private static final String LEAST = "columns: {id: id, state: state}";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "bigint ; g",
        "integer ; g",
        "numeric ; g",
        "text ; 'job ' || g",
        "varchar(40) ; 'it''s ' || g",
        "char(12) ; 'c' || g",
        "uuid ; gen_random_uuid()"
      })
  void idsOfManyTypes(String type, String value) {
    try (Rig rig = new Rig()) {
      rig.sql("CREATE TABLE jobs (id " + type + " PRIMARY KEY, state text, holder text)")
          .sql(
              "INSERT INTO jobs SELECT "
                  + value
                  + ", 'running', 'here:1' FROM generate_series(1, 25) g")
          .deployWith(
              "table: jobs",
              "columns: {id: id, state: state, holder: holder}",
              Rig.STATES,
              "batch: 10");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(25, swept.rescued());
      assertEquals(
          "25", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready' AND holder IS NULL"));
    }
  }

  @Test
  void statesOfAnEnumAndOfNumbersAndOddNames() {
    try (Rig rig = new Rig()) {
      rig.sql("CREATE SCHEMA \"My App\"")
          .sql("CREATE TYPE \"My App\".\"State\" AS ENUM ('ready', 'taken', 'running', 'failed')")
          .sql(
              "CREATE TABLE \"My App\".\"Job\"\"s\" (\"Id\" int PRIMARY KEY, \"The State\" \"My App\".\"State\", h text)")
          .sql(
              "INSERT INTO \"My App\".\"Job\"\"s\" VALUES (1, 'taken', 'x:1'), (2, 'running', 'x:1'), (3, 'ready', 'x:1')")
          .deployWith(
              "table: My App.Job\"s",
              "columns: {id: Id, state: The State, holder: h}",
              "states: {ready: ready, running: [taken, running], failed: failed}");
      assertEquals(2, rig.sweep().rescued());
      assertEquals(
          "3",
          rig.value("SELECT count(*) FROM \"My App\".\"Job\"\"s\" WHERE \"The State\" = 'ready'"));
    }
    try (Rig rig = new Rig()) {
      rig.sql("CREATE TABLE jobs (id int PRIMARY KEY, state smallint, h text)")
          .sql("INSERT INTO jobs VALUES (1, 1, 'x:1'), (2, 0, 'x:1')")
          .deployWith(
              "table: jobs",
              "columns: {id: id, state: state, holder: h}",
              "states: {ready: 0, running: 1, failed: 2}");
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamptz", "timestamp", "timestamp(0)"})
  void agesAreOfTheDatabaseClockAndNoDataIsNotZero(String type) {
    try (Rig rig = new Rig()) {
      rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
          .sql(
              "CREATE TABLE jobs (id int PRIMARY KEY, state text, started "
                  + type
                  + ", holder text)")
          .sql(
              """
              INSERT INTO jobs SELECT id, 'running', t, 'here:' || pid FROM (VALUES
                (1, utc - interval '2 hours', 999), (2, utc - interval '1 minute', 999), (3, NULL, 999),
                (4, utc + interval '2 hours', 999), (5, 'infinity', 999), (6, '-infinity', 999),
                (7, NULL, 1), (8, utc + interval '2 hours', 1))
                AS v (id, t, pid)
              """
                  .replace(
                      "utc", type.equals("timestamptz") ? "now()" : "(now() AT TIME ZONE 'UTC')"))
          .deployWith(
              "table: jobs",
              "columns: {id: id, state: state, started: started, holder: holder}",
              Rig.STATES);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      // What is proven comes before what is guessed.
      List<String> jobs = swept.jobs().stream().map(StuckJob::jobId).toList();
      if (!type.equals("timestamptz")) {
        assertEquals(List.of("7", "8"), jobs, "a time without zone may be of any");
        return;
      }
      assertEquals(List.of("7", "8", "1"), jobs);
      assertNull(swept.jobs().get(0).age());
      assertNull(swept.jobs().get(1).age());
      Duration age = Objects.requireNonNull(swept.jobs().get(2).age());
      assertEquals(2, age.plusSeconds(1).toHours());
    }
  }

  @Test
  void columnsThatMustNotBeNullKeepTheirValue() {
    try (Rig rig = new Rig()) {
      rig.sql(
              "CREATE TABLE jobs (id int PRIMARY KEY, state text, started timestamptz NOT NULL, holder text NOT NULL)")
          .sql("INSERT INTO jobs VALUES (1, 'running', now(), 'here:1')")
          .deployWith(
              "table: jobs",
              "columns: {id: id, state: state, started: started, holder: holder}",
              Rig.STATES);
      assertEquals(1, rig.sweep().rescued());
      assertEquals("here:1", rig.value("SELECT holder FROM jobs WHERE state = 'ready'"));
    }
  }

  /** Those that are young by their rows, too: what the agent sees come is known to be young. */
  @ParameterizedTest
  @CsvSource({"true, 3, 1", "false, 1, 0"})
  void withoutAnyHolderAllJobsAreReadIfAgeMayAct(boolean acts, long looked, long rescued) {
    try (Rig rig = new Rig()) {
      rig.table().running(2, "now()", "").running(1, "now() - interval '1 hour'", "");
      rig.deployWith(
          "table: jobs",
          "columns: {id: id, state: state, started: started}",
          Rig.STATES,
          "act_on_unknown: " + acts);
      Swept swept = rig.sweep();
      assertEquals(looked, swept.looked());
      assertEquals(rescued, swept.rescued());
      assertTrue(rig.questions.isEmpty());
    }
  }

  @Test
  void aSourceThatIsNotAsConfiguredSaysWhatIsMissing() {
    try (Rig rig = new Rig()) {
      rig.sql("CREATE TABLE jobs (id int, state text, t text, holder text)")
          .sql("CREATE VIEW v AS SELECT 1 AS id, 'x'::text AS state")
          .deployWith("table: v", LEAST, Rig.STATES);
      assertProblem(rig, "public.v is not a table (relkind v): a rescue needs the table itself");
    }
    try (Rig rig = new Rig()) {
      rig.sql("CREATE TABLE jobs (id int PRIMARY KEY, state text, t text)")
          .deployWith(
              "table: jobs",
              "columns: {id: id, state: state, started: t, attempts: state2, holder: who}",
              Rig.STATES);
      assertProblem(rig, "public.jobs has no column state2, who; it has: id, state, t");
      rig.sql("ALTER TABLE jobs ADD state2 text, ADD who text");
      assertProblem(
          rig,
          "column t (started) of public.jobs is text; what fits: timestamp with or without time zone");
      assertProblem(rig, "column state2 (attempts) of public.jobs is text; what fits: a number");
      rig.sql(
          "ALTER TABLE jobs ALTER t TYPE timestamptz USING NULL, ALTER state2 TYPE int USING 1");
      assertNull(problem(rig));
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    String role = "sweeper_" + ProcessHandle.current().pid();
    Rig owner = new Rig();
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
    PostgresUrl url =
        new PostgresUrl(
            owner.url.host(),
            owner.url.port(),
            owner.url.database(),
            role,
            new Secret("sweep"),
            owner.url.sslMode(),
            owner.url.options());
    owner.table().running(1, "now()", "here:1");
    try (owner;
        Rig rig = new Rig(url).deploy()) {
      assertProblem(
          rig,
          "the role " + role + " lacks SELECT on id, state, started, heartbeat, attempts, holder");
      String problem = Objects.requireNonNull(problem(rig));
      for (String part : problem.split("; ", -1)) {
        assertTrue(part.startsWith("run: ") || part.contains("lacks"), part);
        if (part.startsWith("run: ")) {
          TestPostgres.execute(owner.url, part.substring("run: ".length()));
        }
      }
      assertNull(problem(rig));
      assertEquals(1, rig.sweep().rescued());
      assertFalse(owner.value("SELECT state FROM jobs").isEmpty());
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }

  @Test
  void rowSecurityThatHidesJobsIsSaid() {
    Rig owner = new Rig().table().running(1, "now()", "here:1");
    owner.sql("ALTER TABLE jobs ENABLE ROW LEVEL SECURITY");
    try (owner;
        Sweeper sweeper = new Sweeper(owner, "hidden");
        Rig rig = new Rig(sweeper.url())) {
      owner.sql("GRANT SELECT, UPDATE ON jobs TO " + sweeper.role());
      rig.deploy();
      assertProblem(rig, "row security hides rows of public.jobs from the role " + sweeper.role());
      owner.sql("ALTER ROLE " + sweeper.role() + " BYPASSRLS");
      assertNull(problem(rig));
      assertEquals(1, rig.sweep().rescued());
    }
  }

  private static void assertProblem(Rig rig, String part) {
    String problem = String.valueOf(problem(rig));
    assertTrue(problem.contains(part), problem);
    assertEquals(problem, rig.sweep().problems().get("images"));
    assertEquals(problem, rig.stuck(10).problems().get("images"));
  }

  private static @Nullable String problem(Rig rig) {
    rig.tick();
    return rig.source().problem();
  }
}
