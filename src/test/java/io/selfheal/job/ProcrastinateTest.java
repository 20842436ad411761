package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Procrastinate's tables in a real PostgreSQL. Of its workers 1 is dead, 2 lives, of 3 nothing is
 * known.
 */
class ProcrastinateTest {
  private static final String ALL =
      """
      SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'j' || j::text FROM procrastinate_jobs j UNION ALL
        SELECT 'e' || e::text FROM procrastinate_events e UNION ALL
        SELECT 'w' || w::text FROM procrastinate_workers w) AS t (row)""";

  /** All but what is of the moment: ids and times of events. */
  private static final String TOLD =
      """
      SELECT concat_ws(' ', j.status, j.attempts, j.abort_requested, j.worker_id, j.priority,
        j.queue_name, j.lock, j.queueing_lock,
        CASE WHEN j.scheduled_at BETWEEN now() - interval '1 minute' AND now() THEN 'now'
          ELSE j.scheduled_at::text END,
        (SELECT string_agg(e.type::text || CASE WHEN e.type <> 'scheduled' THEN ''
            WHEN e.at = j.scheduled_at THEN ' as due' ELSE ' otherwise' END, ',' ORDER BY e.id)
          FROM procrastinate_events e WHERE e.job_id = j.id))
      FROM procrastinate_jobs j WHERE j.id = %d""";

  private static final String WAITING =
      "SELECT id FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id";

  private static Rig rig(String... more) {
    Rig rig = new Rig().sql(LibrarySchemas.of("procrastinate"));
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'");
    rig.sql(
        "INSERT INTO procrastinate_workers (last_heartbeat) SELECT now() FROM generate_series(1, 3)");
    rig.judge = question -> verdicts(question.holders());
    return rig.deployWith(
        "preset: procrastinate", "holder: {worker: mails, only: true}", String.join("\n", more));
  }

  private static Future<Verdicts> verdicts(List<Holder> holders) {
    return Future.succeededFuture(
        new Verdicts(holders.stream().map(ProcrastinateTest::verdict).toList()));
  }

  private static Verdict verdict(Holder holder) {
    assertEquals("mails", holder.worker());
    assertTrue(holder.only() && holder.pid().isEmpty() && holder.instance() == null);
    if (holder.key().startsWith("1@")) {
      return Verdict.of(Ruling.DEAD, "no process of mails runs");
    }
    return holder.key().startsWith("2@")
        ? Verdict.of(Ruling.ALIVE, "mails runs")
        : Verdict.of(Ruling.UNKNOWN, "several of mails run");
  }

  /** A job in its second attempt, enqueued with a lock and a priority of its own. */
  private static Rig doing(Rig rig, int id, String worker, String since) {
    return rig.sql(
            """
            INSERT INTO procrastinate_jobs (id, queue_name, task_name, priority, lock, attempts)
            VALUES (%1$d, 'mail', 'send', 7, 'lock %1$d', 1)"""
                .formatted(id))
        .sql("SELECT take(%d, %s)".formatted(id, worker))
        .sql(
            "UPDATE procrastinate_events SET at = %s WHERE job_id = %d AND type = 'started'"
                .formatted(since, id));
  }

  private static final String OLD = "now() - interval '2 hours'";

  @Test
  void jobsOfADeadWorkerAreRetriedAsTheLibraryDoes() {
    try (Rig rig = rig()) {
      doing(rig, 1, "1", "now()");
      doing(rig, 2, "2", OLD);
      doing(rig, 3, "3", OLD);
      doing(rig, 4, "2", "now()")
          .sql("SELECT procrastinate_retry_job_v2(4, now(), NULL, NULL, NULL)");
      String others =
          "SELECT md5(string_agg(j::text, ',' ORDER BY id)) FROM procrastinate_jobs j WHERE id > 1";
      String before = rig.value(others);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      StuckJob job = swept.jobs().getFirst();
      assertEquals("1", job.holder());
      assertEquals(2L, job.attempts());
      assertEquals(
          "todo 2 f 1 7 mail lock 1 now deferred,started,scheduled as due,deferred_for_retry",
          rig.value(TOLD.formatted(1)));
      assertEquals(
          rig.value(TOLD.formatted(4)).replace("f 2 7", "f 1 7").replace("lock 4", "lock 1"),
          rig.value(TOLD.formatted(1)));
      assertEquals(before, rig.value(others));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rig.value(ALL));
      rig.sql("SELECT take(1, 2)").sql("SELECT succeed(1)");
      assertEquals(
          "succeeded 3",
          rig.value(
              "SELECT concat_ws(' ', status, attempts) FROM procrastinate_jobs WHERE id = 1"));
    }
  }

  @Test
  void aJobThatSomebodyAskedToAbortFailsAsTheLibraryHasIt() {
    try (Rig rig = rig()) {
      doing(rig, 1, "1", "now()");
      doing(rig, 2, "2", "now()");
      rig.sql("UPDATE procrastinate_jobs SET abort_requested = true");
      assertEquals(
          List.of(Effect.FAIL), rig.dryRun().jobs().stream().map(StuckJob::effect).toList());
      assertEquals(1, rig.sweep().rescued());
      rig.sql("SELECT procrastinate_retry_job_v2(2, now(), NULL, NULL, NULL)");
      assertEquals(
          "failed 1 t 1 7 mail lock 1 deferred,started,abort_requested,failed",
          rig.value(TOLD.formatted(1)));
      assertEquals(
          "failed 1 t 2 7 mail lock 2 deferred,started,abort_requested,failed",
          rig.value(TOLD.formatted(2)));
    }
  }

  /** The library's unique index would refuse the whole batch. */
  @Test
  void aJobWhoseQueueingLockWaitsElsewhereIsLeftUntilThatOneIsTaken() {
    try (Rig rig = rig()) {
      doing(rig, 1, "1", "now()");
      doing(rig, 2, "1", "now()");
      doing(rig, 3, "1", "now()")
          .sql("UPDATE procrastinate_jobs SET abort_requested = true WHERE id = 3");
      rig.sql("UPDATE procrastinate_jobs SET queueing_lock = 'one' WHERE id IN (1, 3)")
          .sql(
              """
              INSERT INTO procrastinate_jobs (id, queue_name, task_name, queueing_lock)
              VALUES (9, 'mail', 'send', 'one')""");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(2, swept.rescued());
      assertEquals(
          "its holder is gone, but another job with its queueing lock waits, and the library lets"
              + " only one wait",
          swept.jobs().stream()
              .filter(job -> job.effect() == Effect.LEAVE)
              .map(StuckJob::reason)
              .findFirst()
              .orElse(""));
      assertEquals(List.of("2", "9"), rig.column(WAITING));
      assertEquals("failed", rig.value("SELECT status FROM procrastinate_jobs WHERE id = 3"));
      rig.sql("SELECT take(9, 2)");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("1", "2"), rig.column(WAITING));
    }
  }

  @Test
  void ofSeveralWithOneQueueingLockTheFirstIsQueuedAgain() {
    try (Rig rig = rig()) {
      for (int job = 1; job <= 4; job++) {
        doing(rig, job, "1", "now()");
      }
      rig.sql("UPDATE procrastinate_jobs SET queueing_lock = 'one' WHERE id < 4");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(2, swept.rescued());
      assertEquals(List.of("1", "4"), rig.column(WAITING));
      assertEquals(0, rig.sweep().rescued());
    }
  }

  /** Also one that comes between look and rescue, and the rest of the batch is rescued. */
  @Test
  void aQueueingLockThatIsTakenAfterTheLookIsRespected() {
    try (Rig rig = rig()) {
      doing(rig, 1, "1", "now()").sql("UPDATE procrastinate_jobs SET queueing_lock = 'one'");
      doing(rig, 2, "1", "now()");
      rig.judge =
          question -> {
            rig.sql(
                """
                INSERT INTO procrastinate_jobs (id, queue_name, task_name, queueing_lock)
                VALUES (9, 'mail', 'send', 'one')""");
            return verdicts(question.holders());
          };
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(List.of("2", "9"), rig.column(WAITING));
    }
  }

  /** It is not waited for; the batch stays as it was, and the next sweep does it. */
  @Test
  void aQueueingLockThatIsTakenInThatVeryMomentUndoesTheBatch() throws SQLException {
    try (Rig rig = rig();
        Connection application = TestPostgres.connect(rig.url);
        Statement statement = application.createStatement()) {
      doing(rig, 1, "1", "now()").sql("UPDATE procrastinate_jobs SET queueing_lock = 'one'");
      doing(rig, 2, "1", "now()");
      String before = rig.value(ALL);
      application.setAutoCommit(false);
      statement.execute(
          """
          INSERT INTO procrastinate_jobs (id, queue_name, task_name, queueing_lock)
          VALUES (9, 'mail', 'send', 'one')""");
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
      application.commit();
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("2", "9"), rig.column(WAITING));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT succeed(1)",
        """
        SELECT procrastinate_retry_job_v2(1, now(), NULL, NULL, NULL); SELECT take(1, 1)""",
        "UPDATE procrastinate_jobs SET status = 'todo'; SELECT take(1, 1)",
        "UPDATE procrastinate_jobs SET abort_requested = true",
        "UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp()",
        "DELETE FROM procrastinate_workers",
        "DELETE FROM procrastinate_jobs"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      doing(rig, 1, "1", OLD);
      rig.judge =
          question -> {
            rig.sql(change);
            return verdicts(question.holders());
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals(List.of(), rig.column(WAITING));
    }
  }

  @Test
  void aJobThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      doing(rig, 1, "1", OLD);
      doing(rig, 2, "1", OLD);
      worker.setAutoCommit(false);
      statement.execute("SELECT FROM procrastinate_jobs WHERE id = 1 FOR UPDATE");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("2"), rig.column(WAITING));
      worker.rollback();
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void ageAloneActsOnlyWhenTheOperatorSaysSoAndABeatingWorkerNeverLoses() {
    try (Rig rig = rig()) {
      doing(rig, 1, "3", OLD);
      String before = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
    }
    try (Rig rig = rig("act_on_unknown: true", "heartbeat_grace: 1m")) {
      doing(rig, 1, "3", OLD);
      doing(rig, 2, "NULL", OLD);
      doing(rig, 3, "NULL", "now()");
      rig.pass(Duration.ofHours(1));
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("2"), rig.column(WAITING));
      rig.sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'");
      rig.pass(Duration.ofMinutes(5));
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("1", "2"), rig.column(WAITING));
    }
  }

  @Test
  void withNobodyToAskAboutOnlyAgeCounts() {
    try (Rig rig = new Rig().sql(LibrarySchemas.of("procrastinate"))) {
      rig.deployWith("preset: procrastinate", "act_on_unknown: true");
      doing(rig, 1, "NULL", OLD);
      doing(rig, 2, "NULL", "now()");
      assertEquals(1, rig.sweep().rescued());
      assertTrue(rig.questions.isEmpty());
      assertEquals(List.of("1"), rig.column(WAITING));
    }
  }

  @Test
  void oddRowsBreakNothing() {
    try (Rig rig = rig("act_on_unknown: true", "batch: 2")) {
      doing(rig, 1, "3", "'infinity'");
      doing(rig, 2, "3", "'-infinity'");
      doing(rig, 3, "3", "now() + interval '9 years'");
      doing(rig, 4, "NULL", "NULL");
      doing(rig, 5, "1", "now()").sql("DELETE FROM procrastinate_events WHERE job_id = 5");
      doing(rig, 6, "1", "now()")
          .sql("UPDATE procrastinate_jobs SET args = to_jsonb(repeat('x', 10000000)) WHERE id = 6");
      doing(rig, 7, "1", "now()")
          .sql("INSERT INTO procrastinate_events (job_id, type, at) VALUES (7, NULL, NULL)");
      rig.sql("UPDATE procrastinate_workers SET last_heartbeat = 'infinity' WHERE id = 3");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(7, swept.looked());
      assertEquals(List.of("5", "6", "7"), rig.column(WAITING));
    }
  }

  /** The library's triggers name nothing by its schema. */
  @Test
  void aSchemaThatIsNotInTheSearchPathIsSweptAllTheSame() {
    try (Rig rig = new Rig()) {
      rig.sql(
          "CREATE SCHEMA \"The Jobs\"; SET search_path = \"The Jobs\"; "
              + LibrarySchemas.of("procrastinate"));
      rig.sql(
          """
          SET search_path = "The Jobs";
          INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now());
          INSERT INTO procrastinate_jobs (id, queue_name, task_name) VALUES (1, 'mail', 'send');
          SELECT take(1, 1)""");
      rig.judge = question -> verdicts(question.holders());
      rig.deployWith(
          "preset: procrastinate", "schema: The Jobs", "holder: {worker: mails, only: true}");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals(
          List.of("deferred", "started", "scheduled", "deferred_for_retry"),
          rig.column("SELECT type FROM \"The Jobs\".procrastinate_events ORDER BY id"));
    }
  }

  /** Before 3.1 rows do not name a worker. */
  @Test
  void anOlderTableWithoutWorkersIsSweptByAge() {
    try (Rig rig = rig("act_on_unknown: true")) {
      doing(rig, 1, "NULL", OLD);
      doing(rig, 2, "NULL", "now()");
      rig.sql("ALTER TABLE procrastinate_jobs DROP COLUMN worker_id")
          .sql("DROP TABLE procrastinate_workers");
      rig.pass(Duration.ofHours(1));
      Swept swept = rig.tick().sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(List.of("1"), rig.column(WAITING));
    }
  }

  @Test
  void countsAndAdvisesAnIndexWhereTheLibrarysIsMissing() {
    try (Rig rig = rig()) {
      doing(rig, 1, "2", OLD);
      doing(rig, 2, "2", OLD).sql("SELECT succeed(2)").count();
      assertEquals(1, rig.source().counts().get("doing"));
      assertEquals(1, rig.source().counts().get("succeeded"));
      assertEquals("0 since ever", rig.ready());
      assertNull(rig.source().advice());
      rig.sql("DROP INDEX one_runs").count();
      rig.sql(Objects.requireNonNull(rig.source().advice())).count();
      assertNull(rig.source().advice());
    }
  }

  @Test
  void tablesOfAnotherVersionSayWhatDiffers() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE procrastinate_jobs RENAME abort_requested TO abort");
      assertProblem(rig, "public.procrastinate_jobs has no column abort_requested");
      rig.sql("ALTER TABLE procrastinate_events RENAME at TO moment");
      assertProblem(rig, "public.procrastinate_events has no column at");
      rig.sql("DROP TABLE procrastinate_workers CASCADE");
      assertProblem(rig, "public.procrastinate_workers does not exist");
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    Rig owner = rig();
    doing(owner, 1, "1", "now()");
    try (owner;
        Sweeper sweeper = new Sweeper(owner, "procrastinate");
        Rig rig = new Rig(sweeper.url())) {
      rig.judge = question -> verdicts(question.holders());
      rig.deployWith("preset: procrastinate", "holder: {worker: mails, only: true}");
      String problem = sweeper.grantAll(rig);
      assertTrue(problem.contains("lacks INSERT on public.procrastinate_events"), problem);
      assertTrue(
          problem.contains("lacks USAGE on the sequence public.procrastinate_events_id_seq"),
          problem);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
    }
  }

  /** The first look may be with statements made before; it fails, and the next one probes. */
  private static void assertProblem(Rig rig, String part) {
    String problem = String.valueOf(rig.tick().tick().source().problem());
    assertTrue(problem.contains(part), problem);
  }
}
