package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.JvmWorker;
import io.selfheal.library.QuartzWorker;
import io.selfheal.library.WorkPlace;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Severity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the real Quartz, in processes of its own. */
class QuartzLibraryTest {
  @TempDir private Path directory;
  private Path log = Path.of("worker.log");

  @BeforeEach
  void logOfItsOwn() {
    log = directory.resolve("worker.log");
  }

  private Process worker(Rig rig, boolean clustered, String what) throws IOException {
    return JvmWorker.start(QuartzWorker.class, rig.url, log, String.valueOf(clustered), what);
  }

  private static Rig rig(boolean clustered) {
    return QuartzTest.rig()
        .sql(WorkPlace.TABLES)
        .deployWith(
            "preset: quartz",
            clustered ? "holder: {format: \"{host}:{pid}\"}" : "holder: {format: \"{instance}\"}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAKilledSchedulerLeftIsExplainedAndTheLibraryRecoversIt(boolean clustered)
      throws IOException, InterruptedException {
    try (Rig rig = rig(clustered)) {
      Process first = worker(rig, clustered, "first");
      Workers.judge(rig, first);
      try {
        Workers.await(first, log, () -> Workers.count(rig, "begun") == 1);
        assertEquals(List.of(), rig.stuck(10).jobs());
      } finally {
        first.destroyForcibly().waitFor();
      }
      List<String> before = Workers.fingerprints(rig, "qrtz%");
      explained(rig.tick().stuck(10).jobs());
      assertEquals(0, rig.sweep().rescued());
      assertEquals(1, rig.tick().events(JobEvent.Left.class).size());
      assertEquals(Severity.WARNING, rig.events(JobEvent.Left.class).getFirst().severity());
      assertEquals(List.of(), rig.events(JobEvent.Stuck.class));
      assertEquals(before, Workers.fingerprints(rig, "qrtz%"));
      rig.sql("INSERT INTO go VALUES ('all')");
      Process second = worker(rig, clustered, "work");
      try {
        Workers.await(
            second,
            log,
            () ->
                Workers.count(rig, "ended WHERE attempt = 1") == 1
                    && Workers.count(rig, "qrtz_fired_triggers") == 0);
        assertEquals(1, Workers.count(rig, "ended"));
        assertEquals(List.of(), rig.stuck(10).jobs());
      } finally {
        second.destroyForcibly().waitFor();
      }
    }
  }

  private static void explained(List<StuckJob> jobs) {
    assertEquals(1, jobs.size(), jobs.toString());
    StuckJob job = jobs.getFirst();
    assertEquals(Effect.LEAVE, job.effect());
    assertEquals(Ruling.DEAD, job.verdict().ruling());
    assertTrue(
        job.reason().startsWith("its holder is gone; not touched, because Quartz recovers it"),
        job.reason());
    assertTrue(job.reason().contains("what a person can do: start an instance"), job.reason());
    String evidence = String.join("; ", job.verdict().evidence());
    assertTrue(
        evidence.contains("executing the job nightly.report, which requests recovery"), evidence);
  }

  /**
   * The library inserts the second trigger as blocked by the execution that it saw, but that one
   * ends before the insert does: nobody will ever free the trigger.
   */
  @Test
  void aTriggerThatNothingHoldsIsFreedAndTheLibraryFiresIt()
      throws IOException, InterruptedException, SQLException {
    try (Rig rig = rig(true)) {
      Process first = worker(rig, true, "first");
      Workers.judge(rig, first);
      try {
        Workers.await(first, log, () -> Workers.count(rig, "begun") == 1);
        leaveBlocked(rig, first);
        assertEquals(List.of(), rig.tick().stuck(10).jobs());
        rig.pass(QuartzRule.STABLE.minusMillis(1));
        assertEquals(0, rig.tick().sweep().rescued());
        assertEquals(List.of(), rig.events(JobEvent.Stuck.class));
        assertEquals("BLOCKED", state(rig));
        rig.pass(Duration.ofMillis(1));
        assertEquals(1, rig.tick().events(JobEvent.Stuck.class).size());
        assertEquals(0, Workers.count(rig, "ended WHERE name = 'second'"));
        assertEquals(1, rig.sweep().rescued());
        Workers.await(first, log, () -> Workers.count(rig, "ended WHERE name = 'second'") == 1);
        Workers.await(first, log, () -> Workers.count(rig, "qrtz_fired_triggers") == 0);
        assertEquals(2, Workers.count(rig, "ended WHERE attempt = 0"));
      } finally {
        first.destroyForcibly().waitFor();
      }
    }
  }

  private void leaveBlocked(Rig rig, Process first)
      throws IOException, InterruptedException, SQLException {
    Process second;
    try (Connection connection = TestPostgres.connect(rig.url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1 FROM qrtz_job_details FOR UPDATE");
      second = worker(rig, true, "second");
      Workers.await(
          second,
          log,
          () ->
              Workers.count(
                      rig,
                      "pg_stat_activity WHERE wait_event_type = 'Lock'"
                          + " AND query ILIKE 'INSERT INTO qrtz_triggers%'")
                  == 1);
      rig.sql("INSERT INTO go VALUES ('all')");
      Workers.await(
          first,
          log,
          () -> Workers.count(rig, "ended") == 1 && Workers.count(rig, "qrtz_fired_triggers") == 0);
      connection.rollback();
    }
    second.waitFor();
    assertEquals("BLOCKED", state(rig));
  }

  private static String state(Rig rig) {
    return rig.value("SELECT trigger_state FROM qrtz_triggers WHERE trigger_name = 'second'");
  }
}
