package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Severity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Que's tables in a real PostgreSQL, with sessions that hold real locks. */
class QueTest {
  private static final Duration STUCK_AFTER = Duration.ofMinutes(30);

  private static Rig rig(String... more) {
    return new Rig()
        .sql(LibrarySchemas.of("que"))
        .deployWith("preset: que", String.join("\n", more));
  }

  private static void job(Rig rig, long id, String columns, String values) {
    rig.sql(
        "INSERT INTO que_jobs (id, job_class, job_schema_version%s) VALUES (%d, 'Mail', 2%s)"
            .formatted(columns, id, values));
  }

  /** A locker: a session that says whose it is, and holds the locks of these jobs. */
  private static Connection locker(Rig rig, int rubyPid, long... jobs) throws SQLException {
    Connection session = TestPostgres.connect(rig.url);
    try (Statement statement = session.createStatement()) {
      statement.execute(
          """
          INSERT INTO que_lockers
          VALUES (pg_backend_pid(), 6, '{10}', %d, 'here', '{default}', true, 2)"""
              .formatted(rubyPid));
      for (long job : jobs) {
        statement.execute("SELECT pg_advisory_lock(" + job + ")");
      }
    }
    return session;
  }

  @Test
  void aJobThatStaysLockedIsExplainedAndNeverTouched() throws SQLException {
    // The lock of a big id is told in two halves.
    long big = 5_000_000_000L;
    try (Rig rig = rig();
        Connection dead = locker(rig, 7, 1, big);
        Connection alive = locker(rig, 107, 2)) {
      job(rig, 1, "", "");
      job(rig, 2, "", "");
      job(rig, 3, "", "");
      job(rig, big, ", error_count", ", 4");
      List<String> before = Workers.fingerprints(rig, "que%");
      assertEquals(
          List.of("1", "" + big), rig.stuck(10).jobs().stream().map(StuckJob::jobId).toList());
      rig.tick().pass(STUCK_AFTER);
      List<StuckJob> jobs = rig.tick().stuck(10).jobs();
      assertEquals(List.of("1", "2", "" + big), jobs.stream().map(StuckJob::jobId).toList());
      assertTrue(jobs.stream().allMatch(job -> job.effect() == Effect.LEAVE));
      StuckJob gone = jobs.getLast();
      assertEquals("here:7", gone.holder());
      assertEquals(Ruling.DEAD, gone.verdict().ruling());
      assertEquals(5L, gone.attempts());
      assertEquals(STUCK_AFTER, gone.age());
      assertTrue(gone.reason().startsWith("its holder is gone; not touched"), gone.reason());
      assertTrue(gone.reason().contains("pg_terminate_backend(PID)"), gone.reason());
      assertTrue(
          gone.verdict()
              .evidence()
              .getLast()
              .startsWith("the job Mail is locked by the session of backend " + backend(dead)),
          gone.verdict().toString());
      assertTrue(jobs.get(1).reason().startsWith("slow but alive"), jobs.get(1).reason());
      assertEquals(0, rig.sweep().rescued());
      assertEquals(List.of(), rig.events(JobEvent.Stuck.class));
      assertEquals(
          List.of(Severity.WARNING, Severity.WARNING, Severity.INFO),
          rig.events(JobEvent.Left.class).stream().map(JobEvent.Left::severity).toList());
      assertEquals(before, Workers.fingerprints(rig, "que%"));
      assertTrue(alive.isValid(1));
    }
  }

  private static String backend(Connection session) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void theLockEndsWithItsSession() throws SQLException {
    try (Rig rig = rig()) {
      job(rig, 1, "", "");
      try (Connection dead = locker(rig, 7, 1)) {
        assertTrue(dead.isValid(1));
        assertEquals(1, rig.stuck(10).jobs().size());
        rig.sql("SELECT pg_terminate_backend(" + backend(dead) + ", 60000)");
      }
      assertEquals(List.of(), rig.stuck(10).jobs());
      assertEquals(0, rig.sweep().looked());
    }
  }

  @Test
  void anotherSessionHasTheTimeOfItsOwn() throws SQLException {
    try (Rig rig = rig()) {
      job(rig, 1, "", "");
      try (Connection one = locker(rig, 107, 1)) {
        assertTrue(one.isValid(1));
        rig.tick().pass(STUCK_AFTER);
      }
      rig.sql("DELETE FROM que_lockers");
      try (Connection other = locker(rig, 107, 1)) {
        assertTrue(other.isValid(1));
        assertEquals(List.of(), rig.tick().stuck(10).jobs());
        rig.pass(STUCK_AFTER);
        assertEquals(1, rig.stuck(10).jobs().size());
      }
    }
  }

  @Test
  void aLockOfAnyoneElseIsSaidToBeSuch() throws SQLException {
    try (Rig rig = rig("heartbeat_grace: 1s");
        Connection console = TestPostgres.connect(rig.url);
        Statement statement = console.createStatement()) {
      job(rig, 1, "", "");
      job(rig, 2, "", "");
      job(rig, 3, "", "");
      // Of two keys, and shared: not the locks of Que.
      statement.execute("SELECT pg_advisory_lock(0, 2), pg_advisory_lock_shared(3)");
      statement.execute("SELECT pg_advisory_lock(1)");
      rig.tick().pass(STUCK_AFTER);
      List<StuckJob> jobs = rig.stuck(10).jobs();
      assertEquals(List.of("1"), jobs.stream().map(StuckJob::jobId).toList());
      assertNull(jobs.getFirst().holder());
      String evidence = jobs.getFirst().verdict().evidence().toString();
      assertTrue(evidence.contains("which is not among que_lockers"), evidence);
    }
  }

  @Test
  void countsInTheWordsOfTheLibraryWithItsDeadLetters() throws SQLException {
    try (Rig rig = rig();
        Connection locker = locker(rig, 107, 1, 4)) {
      assertTrue(locker.isValid(1));
      job(rig, 1, "", "");
      job(rig, 2, ", error_count, expired_at", ", 16, now()");
      job(rig, 3, ", error_count", ", 3");
      job(rig, 4, ", finished_at", ", now()");
      job(rig, 5, ", run_at", ", now() + interval '1 day'");
      job(rig, 6, "", "");
      rig.count();
      assertEquals(
          List.of(
              "errored=1",
              "expired (dead letters)=1",
              "finished=1",
              "locked=1",
              "ready=1",
              "scheduled=1"),
          Objects.requireNonNull(rig.source().counts()).entrySet().stream()
              .map(Object::toString)
              .sorted()
              .toList());
      assertEquals("2 since a time", rig.ready());
      assertNull(rig.source().held(), "it would rescue nothing");
      assertTrue(rig.source().onlyLookedAt());
      assertEquals(1, rig.sweep().looked());
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE que_jobs RENAME COLUMN id TO job_id").sql("DROP TABLE que_lockers");
      rig.count();
      String problem = String.valueOf(rig.source().problem());
      assertTrue(problem.contains("public.que_jobs has no column id; it has:"), problem);
      assertTrue(problem.contains("the table public.que_lockers does not exist"), problem);
    }
  }
}
