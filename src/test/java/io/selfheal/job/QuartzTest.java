package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quartz's own tables in a real PostgreSQL; the instance here:7 is dead, here:107 lives. */
class QuartzTest {
  private static final String STATES =
      "SELECT trigger_state FROM qrtz_triggers ORDER BY sched_name, trigger_name";

  private static final String NOW = "(extract(epoch FROM now()) * 1000)::bigint";

  /** The library's tables, out of its jar, in a new database. */
  static Rig rig() {
    return new Rig().sql(LibrarySchemas.quartz());
  }

  /** A cluster with one instance that checks in now, its lock, and a job. */
  private static Rig cluster(String... more) {
    Rig rig = rig();
    scheduler(rig, "Reports");
    return rig.deployWith("preset: quartz", String.join("\n", more));
  }

  private static void scheduler(Rig rig, String name) {
    rig.sql(
        """
        INSERT INTO qrtz_locks VALUES ('%1$s', 'TRIGGER_ACCESS');
        INSERT INTO qrtz_scheduler_state VALUES ('%1$s', 'here:107', %2$s, 7500);
        INSERT INTO qrtz_job_details
        VALUES ('%1$s', 'report', 'nightly', NULL, 'Report', true, true, false, true, NULL)"""
            .formatted(name, NOW));
  }

  private static void trigger(Rig rig, String scheduler, String name, String state) {
    rig.sql(
        """
        INSERT INTO qrtz_triggers
        VALUES ('%s', '%s', 'mine', 'report', 'nightly', NULL, 1, 0, 5, '%s', 'SIMPLE', 0, 0, NULL,
          0, NULL)"""
            .formatted(scheduler, name, state));
  }

  private static void fired(Rig rig, String trigger, String by, String state, String job) {
    rig.sql(
        """
        INSERT INTO qrtz_fired_triggers
        VALUES ('Reports', '%1$s %2$s', '%1$s', 'mine', '%2$s', %3$s - 2000, 0, 5, '%4$s', %5$s)"""
            .formatted(trigger, by, NOW, state, job));
  }

  private static final String NIGHTLY = "'report', 'nightly', true, true";
  private static final String NONE = "NULL, NULL, false, false";

  /** Two looks, far enough apart. */
  private static Swept later(Rig rig) {
    rig.tick().pass(QuartzRule.STABLE);
    return rig.sweep();
  }

  @Test
  void triggersThatNothingHoldsWaitAgain() {
    try (Rig rig = cluster()) {
      trigger(rig, "Reports", "1", "ACQUIRED");
      trigger(rig, "Reports", "2", "BLOCKED");
      trigger(rig, "Reports", "3", "PAUSED_BLOCKED");
      trigger(rig, "Reports", "4", "COMPLETE");
      trigger(rig, "Reports", "5", "ERROR");
      trigger(rig, "Reports", "6", "PAUSED");
      trigger(rig, "Reports", "7", "WAITING");
      assertEquals(0, rig.sweep().rescued());
      String others = others(rig);
      Swept swept = later(rig);
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(3, swept.rescued());
      assertEquals(
          List.of("[\"Reports\", \"mine\", \"1\"]", "[\"Reports\", \"mine\", \"2\"]"),
          swept.jobs().stream().map(StuckJob::jobId).limit(2).toList());
      assertEquals(
          List.of("WAITING", "WAITING", "PAUSED", "COMPLETE", "ERROR", "PAUSED", "WAITING"),
          rig.column(STATES));
      assertEquals(others, others(rig));
      assertEquals(0, later(rig).rescued());
    }
  }

  /** All but the state. */
  private static String others(Rig rig) {
    return rig.value(
        "SELECT string_agg((to_jsonb(t) - 'trigger_state')::text, ',' ORDER BY trigger_name)"
            + " FROM qrtz_triggers AS t");
  }

  @ParameterizedTest
  @CsvSource({
    "ACQUIRED, it, ACQUIRED, none",
    "ACQUIRED, other, EXECUTING, nightly",
    "BLOCKED, it, EXECUTING, nightly",
    "BLOCKED, other, EXECUTING, nightly",
    "PAUSED_BLOCKED, other, EXECUTING, nightly",
    "BLOCKED, it, ACQUIRED, none"
  })
  void aTriggerForWhichAFiredRowGivesAReasonIsLeft(
      String state, String trigger, String firedState, String job) {
    try (Rig rig = cluster()) {
      trigger(rig, "Reports", "it", state);
      fired(rig, trigger, "here:7", firedState, job.equals("none") ? NONE : NIGHTLY);
      List<String> before = Workers.fingerprints(rig, "qrtz%");
      assertEquals(0, later(rig).rescued());
      assertEquals(before, Workers.fingerprints(rig, "qrtz%"));
    }
  }

  @Test
  void anyWriteToTheRowBeginsItsTimeAnew() {
    try (Rig rig = cluster()) {
      trigger(rig, "Reports", "it", "ACQUIRED");
      rig.tick().pass(QuartzRule.STABLE);
      rig.sql("UPDATE qrtz_triggers SET trigger_state = 'WAITING'");
      rig.sql("UPDATE qrtz_triggers SET trigger_state = 'ACQUIRED'");
      assertEquals(0, rig.sweep().rescued());
      rig.pass(QuartzRule.STABLE);
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM qrtz_locks",
        "DELETE FROM qrtz_scheduler_state",
        "UPDATE qrtz_scheduler_state SET last_checkin_time = last_checkin_time - 60000",
        "UPDATE qrtz_scheduler_state SET last_checkin_time = last_checkin_time + 60000"
      })
  void withoutALiveSchedulerThatLocksInTheDatabaseItIsLeft(String change) {
    try (Rig rig = cluster()) {
      trigger(rig, "Reports", "it", "BLOCKED");
      rig.sql(change);
      Swept swept = later(rig);
      assertEquals(0, swept.rescued());
      StuckJob job = swept.jobs().getFirst();
      assertEquals(Effect.LEAVE, job.effect());
      assertTrue(job.reason().contains("it does not lock in the database"), job.reason());
      assertEquals(List.of("BLOCKED"), rig.column(STATES));
    }
  }

  @Test
  void onlyTheConfiguredSchedulerIsLookedAt() {
    try (Rig rig = cluster("scheduler: Reports")) {
      scheduler(rig, "Mails");
      trigger(rig, "Mails", "it", "BLOCKED");
      trigger(rig, "Reports", "it", "BLOCKED");
      assertEquals(1, later(rig).rescued());
      assertEquals(List.of("BLOCKED", "WAITING"), rig.column(STATES));
      rig.count();
      assertEquals("{waiting=1, executing=0}", String.valueOf(rig.source().counts()));
      assertEquals("1 since a time", rig.ready());
      assertFalse(rig.source().onlyLookedAt(), "what is blocked by nothing is rescued");
      assertNull(rig.source().problem());
    }
  }

  @Test
  void whileTheLibraryHasItsLockNothingIsDone() throws SQLException {
    try (Rig rig = cluster();
        Connection library = TestPostgres.connect(rig.url);
        Statement statement = library.createStatement()) {
      trigger(rig, "Reports", "it", "BLOCKED");
      library.setAutoCommit(false);
      statement.execute("SELECT * FROM qrtz_locks WHERE lock_name = 'TRIGGER_ACCESS' FOR UPDATE");
      Swept swept = later(rig);
      assertEquals(0, swept.rescued());
      assertTrue(
          String.valueOf(swept.problems().get("images")).contains("SQLSTATE 55P03"),
          swept.problems().toString());
      library.rollback();
      assertEquals(1, later(rig).rescued());
    }
  }

  /** A fired row asks the judge, and that is when the other one comes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO qrtz_fired_triggers VALUES ('Reports', 'e', 'other', 'mine', 'here:107', 0, 0,"
            + " 5, 'EXECUTING', 'report', 'nightly', true, true)",
        "UPDATE qrtz_triggers SET trigger_state = 'BLOCKED'",
        "DELETE FROM qrtz_triggers",
        "DELETE FROM qrtz_scheduler_state"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = cluster()) {
      trigger(rig, "Reports", "it", "BLOCKED");
      fired(rig, "elsewhere", "here:107", "ACQUIRED", NONE);
      rig.tick().pass(QuartzRule.STABLE);
      rig.judge =
          question -> {
            rig.sql(change);
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      Swept swept = rig.sweep();
      assertEquals(0, swept.rescued());
      assertTrue(rig.column(STATES).stream().allMatch("BLOCKED"::equals));
    }
  }

  @Test
  void aFiredRowIsExplainedByWhatTheClusterSays() {
    try (Rig rig = cluster()) {
      rig.sql(
          "INSERT INTO qrtz_scheduler_state VALUES ('Reports', 'late', " + NOW + "-60000, 7500)");
      fired(rig, "1", "late", "EXECUTING", NIGHTLY);
      fired(rig, "2", "away", "EXECUTING", NIGHTLY);
      fired(rig, "3", "here:107", "EXECUTING", NIGHTLY);
      fired(rig, "4", "here:7", "ACQUIRED", NONE);
      List<StuckJob> jobs = rig.stuck(10).jobs();
      assertEquals(3, jobs.size(), jobs.toString());
      assertTrue(jobs.stream().allMatch(job -> job.effect() == Effect.LEAVE));
      String evidence =
          jobs.stream()
              .map(job -> job.verdict().evidence().getLast())
              .collect(Collectors.joining("\n"));
      assertEquals(
          """
          executing the job nightly.report, which requests recovery; its instance checked in N s ago, and is given up after 15.0 s
          executing the job nightly.report, which requests recovery; its instance has no row in qrtz_scheduler_state any more: it is recovered by the next instance that starts
          acquired; its instance has no row in qrtz_scheduler_state any more: it is recovered by the next instance that starts""",
          evidence.replaceAll("[0-9]+ s ago", "N s ago"));
    }
  }

  @Test
  void manyAreReadBatchByBatch() {
    try (Rig rig = cluster("batch: 2")) {
      for (int i = 0; i < 7; i++) {
        trigger(rig, "Reports", "t" + i, "BLOCKED");
      }
      for (int i = 0; i < 3; i++) {
        fired(rig, "elsewhere" + i, "here:7", "ACQUIRED", NONE);
      }
      Swept swept = later(rig);
      assertEquals(10, swept.looked());
      assertEquals(7, swept.rescued());
      assertEquals(10, swept.jobs().size());
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    try (Rig rig = rig().sql("ALTER TABLE qrtz_triggers DROP COLUMN trigger_state CASCADE")) {
      rig.deployWith("preset: quartz").tick();
      String problem = String.valueOf(rig.source().problem());
      assertTrue(problem.contains("qrtz_triggers has no column trigger_state; it has:"), problem);
    }
    try (Rig rig = rig()) {
      rig.deployWith("preset: quartz", "prefix: QUARTZ_").tick();
      String problem = String.valueOf(rig.source().problem());
      assertTrue(problem.contains("the table public.quartz_fired_triggers does not"), problem);
      assertTrue(problem.contains("the table public.quartz_locks does not exist"), problem);
    }
  }

  @Test
  void aPrefixWithASchemaIsRefused() {
    try (Rig rig = new Rig()) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> rig.deployWith("preset: quartz", "prefix: quartz.qrtz_"));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("a schema goes into schema"),
          refused.getMessage());
    }
  }
}
