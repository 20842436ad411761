package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.FoundJob;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** River's table in a real PostgreSQL; the client here:7 is dead, here:107 lives. */
class RiverTest {
  private static final String ALL =
      "SELECT coalesce(md5(string_agg(j::text, ',' ORDER BY id)), '') FROM river_job j";

  private static Rig rig(String... more) {
    Rig rig = new Rig().sql(LibrarySchemas.of("river"));
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'");
    return rig.deployWith("preset: river", String.join("\n", more));
  }

  /** A running job; {@code holder} was the last of two that had it. */
  private static Rig running(Rig rig, int id, String holder, String since) {
    return rig.sql(
        """
        INSERT INTO river_job (id, state, kind, attempt, max_attempts, attempted_at, attempted_by,
          scheduled_at, errors, metadata)
        VALUES (%d, 'running', 'mail', 2, 25, %s, ARRAY['here:107', '%s'], now() - interval '1 day',
          ARRAY['{"error": "first"}'::jsonb], '{"mine": 1}')"""
            .formatted(id, since, holder));
  }

  @Test
  void holdersWhoseDeathCanNeverBeProvenAreToldAtOnceAndEachJobAsItIs() {
    try (Rig rig = rig()) {
      running(rig, 1, "vm_2026_01_01T00_00_00", "now()");
      running(rig, 2, "here:107", "now()");
      Source source = rig.tick().source();
      assertNull(source.problem());
      String unproven = String.valueOf(source.unproven());
      assertTrue(
          unproven.startsWith(
              "1 of 2 holders do not have the form {host}:{pid}, for example \"vm_2026_01_01T00"),
          unproven);
      assertTrue(unproven.endsWith("set ID in the config of each River client to its host:pid"));
      FoundJob young = rig.find("1");
      assertFalse(young.stuck());
      StuckJob job = Objects.requireNonNull(young.job());
      assertEquals("vm_2026_01_01T00_00_00", job.holder());
      assertEquals(Ruling.UNKNOWN, job.verdict().ruling());
      assertTrue(job.reason().startsWith("within what it is allowed"), job.reason());
      assertNull(rig.find("9").job());
      rig.sql("DELETE FROM river_job WHERE id = 1");
      assertNull(rig.tick().source().unproven());
    }
  }

  private static final String OLD = "now() - interval '2 hours'";

  @Test
  void aJobOfADeadClientIsTriedAgainAfterItsBackoff() {
    try (Rig rig = rig()) {
      running(rig, 1, "here:7", "now()");
      running(rig, 2, "here:107", OLD);
      running(rig, 3, "elsewhere_2026_01_01T00_00_00", OLD);
      String others = rig.value(ALL + " WHERE id > 1");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals(
          "retryable 2 25 t 2 first Stuck job rescued by Selfheal 2 t 1 1",
          rig.value(
              """
              SELECT concat_ws(' ', state, attempt, max_attempts, finalized_at IS NULL,
                cardinality(errors), errors[1] ->> 'error', errors[2] ->> 'error',
                errors[2] ->> 'attempt',
                abs(extract(epoch FROM (errors[2] ->> 'at')::timestamptz - now())) < 60,
                metadata ->> 'mine', metadata ->> 'river:rescue_count')
              FROM river_job WHERE id = 1"""));
      // The second failure: 2 to the power of 4, give or take a tenth.
      double seconds =
          Double.parseDouble(
              rig.value(
                  """
                  SELECT extract(epoch FROM scheduled_at - (errors[2] ->> 'at')::timestamptz)
                  FROM river_job WHERE id = 1"""));
      assertTrue(seconds >= 14.4 && seconds <= 17.6, "due after " + seconds + " s");
      assertEquals("{here:107,here:7}", rig.value("SELECT attempted_by FROM river_job WHERE id=1"));
      assertEquals(others, rig.value(ALL + " WHERE id > 1"));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rig.value(ALL));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "attempt = 25, discarded",
    "attempt = 26, discarded",
    "metadata = '{\"cancel_attempted_at\": \"2026-01-01T00:00:00Z\"}', cancelled"
  })
  void aJobThatMayNotBeTriedAgainIsFinal(String how, String state) {
    try (Rig rig = rig()) {
      running(rig, 1, "here:7", "now()").sql("UPDATE river_job SET " + how);
      Swept dry = rig.dryRun();
      assertEquals(List.of(Effect.FAIL), dry.jobs().stream().map(StuckJob::effect).toList());
      String reason = dry.jobs().getFirst().reason();
      assertTrue(reason.contains("it becomes " + state + ";"), reason);
      assertEquals("running", rig.value("SELECT state FROM river_job"));
      assertEquals(1, rig.sweep().rescued());
      assertEquals(
          state + " t t 2 1",
          rig.value(
              """
              SELECT concat_ws(' ', state, finalized_at > now() - interval '1 minute',
                scheduled_at < now() - interval '23 hours', cardinality(errors),
                metadata ->> 'river:rescue_count')
              FROM river_job"""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = 1",
        "UPDATE river_job SET attempt = 3, attempted_at = clock_timestamp() WHERE id = 1",
        "UPDATE river_job SET attempted_by = attempted_by || 'here:8' WHERE id = 1",
        "UPDATE river_job SET metadata = '{\"cancel_attempted_at\": \"now\"}' WHERE id = 1",
        "UPDATE river_job SET max_attempts = 2 WHERE id = 1",
        "DELETE FROM river_job WHERE id = 1"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      running(rig, 1, "here:7", OLD);
      rig.judge =
          question -> {
            rig.sql(change);
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals("0", rig.value("SELECT count(*) FROM river_job WHERE state = 'retryable'"));
    }
  }

  @Test
  void aJobThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection client = TestPostgres.connect(rig.url);
        Statement statement = client.createStatement()) {
      running(rig, 1, "here:7", OLD);
      running(rig, 2, "here:7", OLD);
      client.setAutoCommit(false);
      statement.execute("SELECT FROM river_job WHERE id = 1 FOR UPDATE");
      assertEquals(1, rig.sweep().rescued());
      assertEquals("2", rig.value("SELECT id FROM river_job WHERE state = 'retryable'"));
      client.rollback();
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void ageAloneActsOnlyWhenTheOperatorSaysSo() {
    try (Rig rig = rig()) {
      running(rig, 1, "by_default", OLD);
      String before = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
    }
    try (Rig rig = rig("act_on_unknown: true", "stuck_after: 1h")) {
      running(rig, 1, "by_default", OLD);
      running(rig, 2, "by_default", "now()");
      assertEquals(0, rig.sweep().rescued(), "the agent has seen that it was not there yet");
      rig.sql("DELETE FROM river_job").sweep();
      running(rig, 3, "by_default", OLD);
      running(rig, 4, "by_default", "now()");
      rig.pass(Duration.ofHours(1));
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void oddRowsBreakNothing() {
    try (Rig rig = rig("act_on_unknown: true", "batch: 2")) {
      running(rig, 1, "x", "NULL");
      running(rig, 2, "x", "'infinity'");
      running(rig, 3, "x", "'-infinity'");
      running(rig, 4, "x", "now() + interval '9 years'");
      running(rig, 5, "here:7", "NULL").sql("UPDATE river_job SET errors = NULL WHERE id = 5");
      running(rig, 6, "here:7", "now()")
          .sql("UPDATE river_job SET metadata = '[]', attempt = -1 WHERE id = 6");
      running(rig, 7, "here:7", "now()")
          .sql("UPDATE river_job SET metadata = '{\"river:rescue_count\": \"x\"}' WHERE id = 7");
      running(rig, 8, "here:7", "now()")
          .sql("UPDATE river_job SET args = to_jsonb(repeat('x', 10000000)) WHERE id = 8");
      running(rig, 9, "x", "now()").sql("UPDATE river_job SET attempted_by = NULL WHERE id = 9");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(
          List.of("5", "6", "7", "8"),
          rig.column("SELECT id FROM river_job WHERE state = 'retryable' ORDER BY id"));
      assertEquals(
          List.of("1", "1"),
          rig.column(
              """
              SELECT metadata ->> 'river:rescue_count' FROM river_job
              WHERE id IN (5, 7) ORDER BY id"""));
      assertEquals(
          "10000000", rig.value("SELECT length(args #>> '{}') FROM river_job WHERE id = 8"));
    }
  }

  @Test
  void countsAndAdvisesAnIndexThatThenServes() {
    try (Rig rig = rig()) {
      running(rig, 1, "here:107", OLD);
      rig.sql("INSERT INTO river_job (id, kind, max_attempts) VALUES (2, 'mail', 25)").count();
      assertEquals(1, rig.source().counts().get("running"));
      assertEquals(1, rig.source().counts().get("available"));
      assertEquals("1 since a time", rig.ready());
      String advice = Objects.requireNonNull(rig.source().advice());
      assertEquals(
          "CREATE INDEX CONCURRENTLY ON \"public\".\"river_job\" (id) WHERE state = 'running'",
          advice);
      rig.sql(advice).count();
      assertNull(rig.source().advice());
    }
  }

  @Test
  void anotherVersionsTableSaysWhatDiffers() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE river_job RENAME attempted_by TO workers");
      String problem = String.valueOf(rig.tick().tick().source().problem());
      assertTrue(problem.contains("public.river_job has no column attempted_by"), problem);
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    String role = "river_sweeper_" + ProcessHandle.current().pid();
    Rig owner = rig();
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
    running(owner, 1, "here:7", "now()");
    PostgresUrl url =
        new PostgresUrl(
            owner.url.host(),
            owner.url.port(),
            owner.url.database(),
            role,
            new Secret("sweep"),
            owner.url.sslMode(),
            owner.url.options());
    try (owner;
        Rig rig = new Rig(url).deployWith("preset: river")) {
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(problem.contains("lacks UPDATE on errors"), problem);
      Arrays.stream(problem.split("; ", -1))
          .filter(part -> part.startsWith("run: "))
          .forEach(part -> owner.sql(part.substring("run: ".length())));
      assertNotEquals(problem, String.valueOf(rig.tick().source().problem()));
      assertEquals(1, rig.sweep().rescued());
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }
}
