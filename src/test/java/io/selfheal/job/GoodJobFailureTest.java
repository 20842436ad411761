package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of GoodJob that kill their workers are discarded; the process here:7 is dead. */
class GoodJobFailureTest {
  private static final String ALL =
      """
      SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'j' || j::text FROM good_jobs j UNION ALL
        SELECT 'e' || e::text FROM good_job_executions e UNION ALL
        SELECT 'p' || p::text FROM good_job_processes p) AS t (row)""";
  private static final String LETTERS =
      "SELECT right(job_id, 1) || ' ' || effect || ' ' || state FROM selfheal.dead_letters ORDER BY id";

  private final Rig rig = new Rig();

  @BeforeEach
  void tables() {
    rig.sql(LibrarySchemas.of("good_job"))
        .sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
        .sql(
            """
            INSERT INTO good_job_processes (id, created_at, updated_at, state)
            SELECT '%s', utc, utc, '{"hostname": "here", "pid": 7}'
            FROM (SELECT now() AT TIME ZONE 'UTC') AS t (utc)"""
                .formatted(uuid(7)))
        .migrate();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Rig deploy(String... more) {
    return rig.deployWith("preset: good-job", String.join("\n", more));
  }

  private static String uuid(int number) {
    return "00000000-0000-0000-0000-%012d".formatted(number);
  }

  /** A job in its second attempt, begun at noon of a day long ago; its first one failed. */
  private void running(int id) {
    rig.sql(
            """
            INSERT INTO good_jobs (id, active_job_id, queue_name, job_class, serialized_params,
              scheduled_at, created_at, updated_at, executions_count, error, error_event, lock_type,
              performed_at, locked_at, locked_by_id)
            SELECT '%1$s', '%1$s', 'mail', 'Mail', '{"executions": 1}', at, at, at, 2,
              'Timeout: late', 3, 1, at, at, '%2$s'
            FROM (VALUES (timestamp '2024-05-05 12:00:00.25')) AS t (at)"""
                .formatted(uuid(id), uuid(7)))
        .sql(
            """
            INSERT INTO good_job_executions
              (created_at, updated_at, active_job_id, process_id, finished_at, error, duration)
            SELECT at, at, '%1$s', '%2$s', ended, error, ended - at
            FROM (VALUES (timestamp '2024-05-05 11:00', timestamp '2024-05-05 11:30', 'Timeout: late'),
              ('2024-05-05 12:00:00.25', NULL, NULL)) AS t (at, ended, error)"""
                .formatted(uuid(id), uuid(7)));
  }

  private void sweep(int rescued) {
    assertEquals(rescued, rig.sweepWhole());
  }

  private List<String> discarded() {
    return rig.column("SELECT right(id::text, 1) FROM good_jobs WHERE finished_at IS NOT NULL");
  }

  @Test
  void afterThreeDeathsTheJobIsDiscardedAsOnTheDashboard() {
    running(1);
    running(2);
    rig.sql("UPDATE good_jobs SET locked_by_id = NULL WHERE id = '" + uuid(2) + "'");
    deploy("max_attempts: 1");
    for (int death = 1; death < 3; death++) {
      sweep(1);
      assertEquals(List.of(), discarded(), "the library limits no attempts, and so nobody does");
      rig.sql(
          """
          UPDATE good_jobs SET locked_by_id = '%s', locked_at = performed_at + interval '%d s',
            executions_count = executions_count + 1 WHERE id = '%s'"""
              .formatted(uuid(7), death, uuid(1)));
    }
    String before = rig.value(ALL);
    StuckJob shown = rig.dryRun().jobs().getFirst();
    assertEquals(Effect.FAIL, shown.effect());
    assertTrue(
        shown
            .reason()
            .endsWith(
                "quarantined, not queued again; it is then discarded in public.good_jobs, until"
                    + " GoodJob deletes such jobs; Retry on its dashboard or GoodJob::Job.find('"
                    + uuid(1)
                    + "').retry_job brings it back"),
        shown.reason());
    assertEquals(before, rig.value(ALL));
    String others =
        """
        SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
          SELECT j::text FROM good_jobs j WHERE right(id::text, 1) <> '1' UNION ALL
          SELECT (to_jsonb(j) - '{finished_at,error,error_event,locked_by_id,locked_at,lock_type,updated_at}'::text[])::text
            FROM good_jobs j UNION ALL
          SELECT e::text FROM good_job_executions e
            WHERE right(active_job_id::text, 1) <> '1' OR created_at < '2024-05-05 12:00' UNION ALL
          SELECT p::text FROM good_job_processes p) AS t (row)""";
    String kept = rig.value(others);
    sweep(1);
    assertEquals(Effect.FAIL, rig.events(JobEvent.Rescued.class).getLast().effect());
    assertEquals(kept, rig.value(others));
    assertEquals(List.of("1 fail added"), rig.column(LETTERS));
    assertEquals(
        "GoodJob::Job::DiscardJobError: Put aside by Selfheal|5|t|t",
        rig.value(
            """
            SELECT concat_ws('|', error, error_event, locked_by_id, locked_at, lock_type,
              abs(extract(epoch FROM finished_at - (now() AT TIME ZONE 'UTC'))) < 60,
              updated_at = finished_at) FROM good_jobs WHERE finished_at IS NOT NULL"""));
    assertEquals(
        "GoodJob::InterruptError: Interrupted after starting perform at '2024-05-05 12:00:00"
            + " UTC'|0|t|t",
        rig.value(
            """
            SELECT concat_ws('|', error, error_event,
              abs(extract(epoch FROM finished_at - (now() AT TIME ZONE 'UTC'))) < 60,
              duration = finished_at - created_at)
            FROM good_job_executions
            WHERE right(active_job_id::text, 1) = '1' AND created_at > '2024-05-05 12:00'"""));
    String after = rig.value(ALL);
    sweep(0);
    assertEquals(after, rig.value(ALL));
    rig.count();
    assertEquals(1, rig.source().counts().get("discarded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE good_jobs SET finished_at = now(), locked_by_id = NULL, locked_at = NULL",
        "UPDATE good_jobs SET locked_at = clock_timestamp() AT TIME ZONE 'UTC'",
        "UPDATE good_jobs SET performed_at = clock_timestamp() AT TIME ZONE 'UTC'",
        "UPDATE good_job_processes SET updated_at = updated_at + interval '1 s'",
        "DELETE FROM good_jobs"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    running(1);
    deploy("poison_after: 1");
    rig.judge =
        question -> {
          rig.sql(change);
          return Future.succeededFuture(
              new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
        };
    sweep(0);
    assertEquals(
        "0", rig.value("SELECT count(*) FROM good_jobs WHERE error LIKE '%DiscardJobError%'"));
    assertEquals(
        "1", rig.value("SELECT count(*) FROM good_job_executions WHERE finished_at IS NULL"));
    assertEquals(List.of(), rig.column(LETTERS));
  }

  /** A worker that completes writes the execution first; and a session may outlive its process. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FROM good_job_executions WHERE finished_at IS NULL FOR NO KEY UPDATE",
        "SELECT FROM good_jobs FOR NO KEY UPDATE",
        "SELECT pg_advisory_xact_lock(('x' || substr(md5('good_jobs-' || id), 1, 16))::bit(64)::bigint) FROM good_jobs"
      })
  void whatAnotherHasLockedIsLeft(String lock) throws SQLException {
    running(1);
    deploy("poison_after: 1");
    String before = rig.value(ALL);
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      worker.setAutoCommit(false);
      statement.execute(lock);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
      worker.rollback();
    }
    sweep(1);
    assertEquals(List.of("1"), discarded());
  }

  @Test
  void twoAgentsDiscardItOnce() {
    running(1);
    deploy("poison_after: 1");
    try (Rig other = new Rig(rig.url).deployWith("preset: good-job", "poison_after: 1")) {
      other.judge =
          question ->
              Future.fromCompletionStage(CompletableFuture.supplyAsync(rig::sweep))
                  .map(
                      done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
      Swept swept = other.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(0, swept.rescued());
      assertEquals(List.of("1 fail added"), rig.column(LETTERS));
    }
  }

  /** As with skiplocked, when the process died between taking and beginning it. */
  @Test
  void aJobThatWasNeverBegunHasNoExecutionToEnd() {
    running(1);
    rig.sql("UPDATE good_jobs SET performed_at = NULL").sql("DELETE FROM good_job_executions");
    deploy("poison_after: 1");
    sweep(1);
    assertEquals(List.of("1"), discarded());
  }

  /** A version without the columns that came later, and one with times in a zone. */
  @Test
  void columnsOfOtherVersionsAreNoHindrance() {
    rig.sql(
            "ALTER TABLE good_jobs DROP error_event, DROP lock_type, ALTER finished_at TYPE"
                + " timestamptz, ALTER performed_at TYPE timestamptz")
        .sql("ALTER TABLE good_job_executions DROP error_event, DROP duration");
    rig.sql(
        """
        INSERT INTO good_jobs (id, created_at, updated_at, performed_at, locked_at, locked_by_id)
        VALUES ('%1$s', now(), now(), 'infinity', now(), '%2$s')"""
            .formatted(uuid(1), uuid(7)));
    rig.sql(
        "INSERT INTO good_job_executions (created_at, updated_at, active_job_id) VALUES ('-infinity', now(), '%s')"
            .formatted(uuid(1)));
    deploy("poison_after: 1");
    assertNull(rig.tick().source().lacking());
    sweep(1);
    assertEquals(List.of("1"), discarded());
    assertEquals("t", rig.value("SELECT finished_at IS NOT NULL FROM good_job_executions"));
  }

  @Test
  void whatIsMissingToDiscardAJobIsSaidAndJobsAreQueuedAgainAllTheSame() {
    running(1);
    try (Sweeper sweeper = new Sweeper(rig, "good_failing");
        Rig sweeps = new Rig(sweeper.url()).deployWith("preset: good-job", "poison_after: 2")) {
      rig.sql("GRANT ALL ON ALL TABLES IN SCHEMA selfheal TO " + sweeper.role())
          .sql("GRANT USAGE ON SCHEMA selfheal TO " + sweeper.role())
          .sql("GRANT USAGE ON ALL SEQUENCES IN SCHEMA selfheal TO " + sweeper.role());
      sweeper.grantAll(sweeps);
      String lacking = String.valueOf(sweeps.source().lacking());
      assertTrue(
          lacking.contains(
              "lacks UPDATE on finished_at, error, error_event, lock_type, updated_at of"
                  + " public.good_jobs"),
          lacking);
      assertTrue(
          lacking.contains(
              "lacks UPDATE on finished_at, error, duration, error_event of"
                  + " public.good_job_executions"),
          lacking);
      assertEquals(1, sweeps.sweep().rescued());
      rig.sql("UPDATE good_jobs SET executions_count = 3, locked_at = now()")
          .sql("UPDATE good_jobs SET locked_by_id = '" + uuid(7) + "'");
      StuckJob left = sweeps.sweep().jobs().getFirst();
      assertEquals(Effect.LEAVE, left.effect());
      assertTrue(left.reason().contains("left as it is, for the role"), left.reason());
      sweeper.grant(lacking);
      sweeps.count();
      assertNull(sweeps.source().lacking());
      assertEquals(1, sweeps.sweep().rescued());
      assertEquals(List.of("1"), discarded());
    }
    rig.sql("DROP TABLE good_job_executions");
    rig.sql(
        """
        INSERT INTO good_jobs (id, created_at, updated_at, locked_at, locked_by_id)
        VALUES ('%s', now(), now(), now(), '%s')"""
            .formatted(uuid(2), uuid(7)));
    deploy("poison_after: 1");
    assertEquals(Effect.LEAVE, rig.sweep().jobs().getFirst().effect());
    assertNull(rig.source().problem());
  }
}
