package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.JudgeHolders;
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
 * GoodJob's tables in a real PostgreSQL, whose time zone is not that of its times; the process
 * here:7 is dead, here:107 lives, of here:907 nothing is known.
 */
class GoodJobTest {
  private static final String ALL =
      """
      SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'j' || j::text FROM good_jobs j UNION ALL
        SELECT 'e' || e::text FROM good_job_executions e UNION ALL
        SELECT 'p' || p::text FROM good_job_processes p) AS t (row)""";
  private static final String NOW = "(now() AT TIME ZONE 'UTC')";
  private static final String OLD = "(now() AT TIME ZONE 'UTC') - interval '2 hours'";
  private static final String FREE =
      "SELECT right(id::text, 1) FROM good_jobs WHERE locked_by_id IS NULL ORDER BY id";

  private static Rig rig(String... more) {
    Rig rig = new Rig().sql(LibrarySchemas.of("good_job"));
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
        .sql(
            """
            INSERT INTO good_job_processes (id, created_at, updated_at, state)
            SELECT format('00000000-0000-0000-0000-%s', lpad(pid::text, 12, '0'))::uuid, utc, utc,
              jsonb_build_object('hostname', 'here', 'pid', pid, 'proctitle', 'good_job')
            FROM unnest(ARRAY[7, 107, 907]) AS pid, (SELECT now() AT TIME ZONE 'UTC' AS utc) AS now
            """);
    return rig.deployWith("preset: good-job", String.join("\n", more));
  }

  private static String uuid(long number) {
    return "00000000-0000-0000-0000-%012d".formatted(number);
  }

  /** A job as a worker with advisory locks has it, in its second attempt. */
  private static Rig running(Rig rig, int id, int pid, String since) {
    return rig.sql(
            """
            INSERT INTO good_jobs (id, active_job_id, queue_name, job_class, serialized_params,
              scheduled_at, created_at, updated_at, executions_count, error, error_event, lock_type,
              performed_at, locked_at, locked_by_id)
            VALUES ('%1$s', '%1$s', 'mail', 'Mail', '{"executions": 1}', %2$s, %2$s, %2$s, 2,
              'Timeout: late', 3, 0, %2$s, %2$s, '%3$s')"""
                .formatted(uuid(id), since, uuid(pid)))
        .sql(
            """
            INSERT INTO good_job_executions (created_at, updated_at, active_job_id, process_id)
            VALUES (%2$s, %2$s, '%1$s', '%3$s')"""
                .formatted(uuid(id), since, uuid(pid)));
  }

  private static String lock(String table, int id) {
    return "SELECT pg_advisory_lock(('x' || substr(md5('%s-%s'), 1, 16))::bit(64)::bigint)"
        .formatted(table, uuid(id));
  }

  private static Future<Verdicts> verdicts(JudgeHolders question) {
    return Future.succeededFuture(
        new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
  }

  @Test
  void jobsOfADeadProcessAreFreeAgainAndChangedInNothingElse() {
    try (Rig rig = rig()) {
      running(rig, 1, 7, NOW);
      running(rig, 2, 107, OLD);
      running(rig, 3, 907, OLD);
      String rest =
          """
          SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
            SELECT (to_jsonb(j) - 'locked_by_id' - 'locked_at')::text FROM good_jobs j UNION ALL
            SELECT to_jsonb(j)::text FROM good_jobs j WHERE right(id::text, 1) <> '1' UNION ALL
            SELECT e::text FROM good_job_executions e UNION ALL
            SELECT p::text FROM good_job_processes p) AS t (row)""";
      String before = rig.value(rest);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      StuckJob job = swept.jobs().getFirst();
      assertEquals(Ruling.DEAD, job.verdict().ruling());
      assertEquals(Effect.REQUEUE, job.effect());
      assertEquals("here:7", job.holder());
      assertEquals(2L, job.attempts());
      assertEquals(
          "t t",
          rig.value(
              """
              SELECT concat_ws(' ', locked_at IS NULL, performed_at IS NOT NULL)
              FROM good_jobs WHERE locked_by_id IS NULL"""));
      assertEquals(List.of("1"), rig.column(FREE));
      assertEquals(before, rig.value(rest));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rig.value(ALL));
    }
  }

  /** With skiplocked and hybrid a job is taken before it is begun. */
  @Test
  void aJobThatWasTakenAndNotBegunIsFreeAgain() {
    try (Rig rig = rig()) {
      running(rig, 1, 7, NOW).sql("UPDATE good_jobs SET performed_at = NULL, lock_type = 1");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("1"), rig.column(FREE));
    }
  }

  @Test
  void finishedAndFreeJobsAreNotLookedAt() {
    try (Rig rig = rig()) {
      running(rig, 1, 7, OLD).sql("UPDATE good_jobs SET finished_at = now()");
      running(rig, 2, 7, OLD)
          .sql("UPDATE good_jobs SET locked_by_id = NULL WHERE finished_at IS NULL");
      String before = rig.value(ALL);
      assertEquals(0, rig.sweep().looked());
      assertEquals(before, rig.value(ALL));
    }
  }

  /** A statement of the job may outlive its process, and its session with it. */
  @ParameterizedTest
  @ValueSource(strings = {"good_jobs 1", "good_job_processes 7"})
  void aJobWhoseAdvisoryLockIsHeldIsLeftAsLongAsItIs(String what) throws SQLException {
    String[] parts = what.split(" ", -1);
    try (Rig rig = rig()) {
      running(rig, 1, 7, OLD);
      String before = rig.value(ALL);
      try (Connection session = TestPostgres.connect(rig.url);
          Statement statement = session.createStatement()) {
        statement.execute(lock(parts[0], Integer.parseInt(parts[1])));
        Swept swept = rig.sweep();
        assertTrue(swept.problems().isEmpty(), swept.problems().toString());
        assertEquals(0, swept.rescued());
        assertEquals(
            "its holder is gone, but a session of the database still holds its advisory lock",
            swept.jobs().getFirst().reason());
        assertEquals(Effect.LEAVE, swept.jobs().getFirst().effect());
        rig.tick().tick();
        assertEquals(1, rig.events(JobEvent.Left.class).size());
        assertEquals(List.of(), rig.events(JobEvent.Stuck.class));
        assertEquals(Effect.LEAVE, rig.stuck(10).jobs().getFirst().effect());
        assertEquals(before, rig.value(ALL));
        statement.execute("SELECT pg_advisory_unlock_all()");
        assertEquals(1, rig.sweep().rescued());
      }
    }
  }

  /** Another's lock, and the same lock in another database, say nothing. */
  @Test
  void otherAdvisoryLocksSayNothing() throws SQLException {
    try (Rig rig = rig();
        Rig other = new Rig();
        Connection session = TestPostgres.connect(rig.url);
        Statement statement = session.createStatement();
        Connection away = TestPostgres.connect(other.url);
        Statement elsewhere = away.createStatement()) {
      running(rig, 1, 7, OLD);
      statement.execute(lock("good_jobs", 2));
      statement.execute("SELECT pg_advisory_lock(1, 1)");
      elsewhere.execute(lock("good_jobs", 1));
      assertEquals(1, rig.sweep().rescued());
    }
  }

  /** A worker with advisory locks takes the lock first and writes the row then. */
  @Test
  void anAdvisoryLockThatIsTakenAfterTheLookIsRespected() throws SQLException {
    try (Rig rig = rig();
        Connection session = TestPostgres.connect(rig.url);
        Statement statement = session.createStatement()) {
      running(rig, 1, 7, OLD);
      rig.judge =
          question -> {
            try {
              statement.execute(lock("good_jobs", 1));
            } catch (SQLException failure) {
              throw new IllegalStateException(failure);
            }
            return verdicts(question);
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals(List.of(), rig.column(FREE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE good_jobs SET finished_at = now(), locked_by_id = NULL, locked_at = NULL",
        "UPDATE good_jobs SET locked_by_id = '00000000-0000-0000-0000-000000000107'",
        "UPDATE good_jobs SET locked_at = clock_timestamp() AT TIME ZONE 'UTC'",
        "UPDATE good_jobs SET performed_at = clock_timestamp() AT TIME ZONE 'UTC'",
        "UPDATE good_job_processes SET updated_at = updated_at + interval '1 s'",
        "DELETE FROM good_job_processes",
        "DELETE FROM good_jobs"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      running(rig, 1, 7, OLD);
      rig.judge =
          question -> {
            rig.sql(change);
            return verdicts(question);
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals(
          List.of(),
          rig.column(
              "SELECT id FROM good_jobs WHERE locked_by_id IS NULL AND finished_at IS NULL"));
    }
  }

  @Test
  void aJobThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      running(rig, 1, 7, OLD);
      running(rig, 2, 7, OLD);
      worker.setAutoCommit(false);
      statement.execute("SELECT FROM good_jobs WHERE id = '" + uuid(1) + "' FOR NO KEY UPDATE");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("2"), rig.column(FREE));
      worker.rollback();
      assertEquals(1, rig.sweep().rescued());
    }
  }

  /** A process that was only slow writes its row anew: that it is gone proves nothing. */
  @Test
  void aJobWhoseProcessIsNotKnownIsLeftUnlessAgeMayDecide() {
    try (Rig rig = rig()) {
      running(rig, 1, 99, OLD);
      running(rig, 2, 907, OLD);
      String before = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
    }
    try (Rig rig = rig("act_on_unknown: true", "heartbeat_grace: 5m")) {
      running(rig, 1, 99, OLD);
      assertEquals(0, rig.sweep().rescued(), "the worker's clock alone says that it is old");
      rig.pass(Duration.ofMinutes(30));
      running(rig, 2, 99, NOW);
      running(rig, 3, 907, OLD);
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("1"), rig.column(FREE));
      rig.sql("UPDATE good_job_processes SET updated_at = updated_at - interval '1 hour'");
      assertEquals(0, rig.sweep().rescued(), "what was just written is a sign of life");
      rig.pass(Duration.ofMinutes(6));
      assertEquals(1, rig.sweep().rescued());
      assertEquals(List.of("1", "3"), rig.column(FREE));
    }
  }

  @Test
  void oddRowsBreakNothing() {
    try (Rig rig = rig("act_on_unknown: true", "batch: 2")) {
      running(rig, 1, 907, "'infinity'");
      running(rig, 2, 907, "'-infinity'");
      running(rig, 3, 907, NOW + " + interval '9 years'");
      running(rig, 4, 7, NOW)
          .sql(
              "UPDATE good_jobs SET locked_at = NULL, performed_at = NULL, executions_count = NULL"
                  + " WHERE id = '"
                  + uuid(4)
                  + "'");
      running(rig, 5, 7, NOW)
          .sql(
              "UPDATE good_jobs SET serialized_params = to_jsonb(repeat('x', 10000000)) WHERE id = '"
                  + uuid(5)
                  + "'");
      running(rig, 6, 21, NOW);
      running(rig, 7, 22, NOW);
      running(rig, 8, 23, NOW);
      rig.sql(
          """
          INSERT INTO good_job_processes (id, created_at, updated_at, state) VALUES
            ('%s', now(), 'infinity', NULL), ('%s', now(), now(), '["here", 7]'),
            ('%s', now(), now(), '{"hostname": "here", "pid": "seven"}')"""
              .formatted(uuid(21), uuid(22), uuid(23)));
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(List.of("4", "5"), rig.column(FREE));
    }
  }

  @Test
  void batchesGoThroughAllJobsInOrder() {
    try (Rig rig = rig("batch: 2")) {
      for (int job = 1; job <= 9; job++) {
        running(rig, job, 7, NOW);
      }
      Swept swept = rig.sweep();
      assertEquals(9, swept.rescued());
      assertEquals(9, rig.column(FREE).size());
      assertEquals(uuid(1), swept.jobs().getFirst().jobId());
    }
  }

  @Test
  void countsAndAdvisesTheLibrarysIndexWhereItIsMissing() {
    try (Rig rig = rig()) {
      running(rig, 1, 107, OLD);
      running(rig, 2, 107, OLD)
          .sql(
              "UPDATE good_jobs SET locked_by_id = NULL, finished_at = now() WHERE id = '"
                  + uuid(2)
                  + "'");
      rig.sql(
              """
              INSERT INTO good_jobs (created_at, updated_at, scheduled_at) VALUES
                (now(), now(), now() - interval '1 day'), (now(), now(), now() + interval '1 day')""")
          .count();
      assertEquals(1, rig.source().counts().get("running"));
      assertEquals(1, rig.source().counts().get("discarded"));
      assertEquals(1, rig.source().counts().get("queued"));
      assertEquals(1, rig.source().counts().get("scheduled"));
      assertEquals("1 since a time", rig.ready());
      assertNull(rig.source().advice());
      rig.sql("DROP INDEX locked_jobs").count();
      rig.sql(Objects.requireNonNull(rig.source().advice())).count();
      assertNull(rig.source().advice());
    }
  }

  @Test
  void tablesOfAnotherVersionSayWhatDiffers() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE good_job_processes RENAME state TO data");
      String problem = String.valueOf(rig.tick().tick().source().problem());
      assertTrue(problem.contains("public.good_job_processes has no column state"), problem);
      rig.sql("ALTER TABLE good_jobs DROP COLUMN locked_by_id, DROP COLUMN locked_at");
      problem = String.valueOf(rig.tick().source().problem());
      assertTrue(
          problem.contains("public.good_jobs has no column locked_by_id, locked_at"), problem);
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    Rig owner = rig();
    running(owner, 1, 7, NOW);
    try (owner;
        Sweeper sweeper = new Sweeper(owner, "good_job");
        Rig rig = new Rig(sweeper.url()).deployWith("preset: good-job")) {
      String problem = sweeper.grantAll(rig);
      assertTrue(problem.contains("lacks UPDATE on locked_by_id, locked_at"), problem);
      assertTrue(problem.contains("of public.good_job_processes"), problem);
      assertEquals(1, rig.sweep().rescued());
    }
  }
}
