package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Aside;
import io.selfheal.message.JobRequests.PutAside;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs of Solid Queue that kill their workers fail, and their slots go on; the holders here:7 and
 * here:8 are dead, here:107 lives.
 */
class SolidQueueFailureTest {
  private static final String UTC = "(now() AT TIME ZONE 'UTC')";

  /** Where each job is: claimed, ready, blocked, failed. */
  private static final String WHERE =
      """
      SELECT string_agg(job, ' ' ORDER BY job) FROM (
        SELECT job_id || 'c' FROM solid_queue_claimed_executions UNION ALL
        SELECT job_id || 'r' FROM solid_queue_ready_executions UNION ALL
        SELECT job_id || 'b' FROM solid_queue_blocked_executions UNION ALL
        SELECT job_id || 'f' FROM solid_queue_failed_executions) AS t (job)""";

  private static final String ALL =
      """
      SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'c' || c::text FROM solid_queue_claimed_executions c UNION ALL
        SELECT 'r' || r::text FROM solid_queue_ready_executions r UNION ALL
        SELECT 'b' || b::text FROM solid_queue_blocked_executions b UNION ALL
        SELECT 'f' || f::text FROM solid_queue_failed_executions f UNION ALL
        SELECT 's' || s::text FROM solid_queue_semaphores s UNION ALL
        SELECT 'p' || p::text FROM solid_queue_processes p UNION ALL
        SELECT 'j' || j::text FROM solid_queue_jobs j) AS t (row)""";

  private static final String LETTERS =
      "SELECT job_id || ' ' || effect || ' ' || state FROM selfheal.dead_letters ORDER BY id";

  private final Rig rig = new Rig();

  @BeforeEach
  void tables() {
    rig.sql(LibrarySchemas.of("solid_queue"))
        .sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
        .sql(
            """
            INSERT INTO solid_queue_processes (id, kind, last_heartbeat_at, pid, hostname, created_at, name)
            SELECT pid, 'Worker', %1$s, pid, 'here', %1$s, 'worker-' || pid
            FROM unnest(ARRAY[7, 8, 107]) AS pid"""
                .formatted(UTC))
        .migrate();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Rig deploy() {
    return rig.deployWith("preset: solid-queue", "poison_after: 1");
  }

  /** A job that was made so many seconds ago, in a queue of its own. */
  private void job(int id, String key, int ago) {
    rig.sql(
        """
        INSERT INTO solid_queue_jobs
          (id, queue_name, class_name, priority, concurrency_key, created_at, updated_at, scheduled_at)
        SELECT %1$d, 'q%1$d', 'Job', %1$d, %2$s, at, at, at
        FROM (SELECT %3$s - interval '%4$d s') AS t (at)"""
            .formatted(id, key.isEmpty() ? "NULL" : "'" + key + "'", UTC, ago));
  }

  private void claimed(int id, String key, int ago, int process) {
    job(id, key, ago);
    rig.sql(
        "INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at) VALUES (%d, %d, %s)"
            .formatted(id, process, UTC));
  }

  private void ready(int id, String key, int ago) {
    job(id, key, ago);
    rig.sql(
        "INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at) VALUES (%d, 'q', %s)"
            .formatted(id, UTC));
  }

  /** Blocked for ten minutes, since a minute. */
  private void blocked(int id, String key) {
    job(id, key, 60);
    rig.sql(
        """
        INSERT INTO solid_queue_blocked_executions
          (job_id, queue_name, priority, concurrency_key, expires_at, created_at)
        SELECT id, queue_name, priority, concurrency_key, created_at + interval '10 min', created_at
        FROM solid_queue_jobs WHERE id = %d"""
            .formatted(id));
  }

  private void semaphore(String key, int value, int ago) {
    rig.sql(
        """
        INSERT INTO solid_queue_semaphores (key, value, expires_at, created_at, updated_at)
        SELECT '%s', %d, %s + interval '1 min', at, at FROM (SELECT %s - interval '%d s') AS t (at)"""
            .formatted(key, value, UTC, UTC, ago));
  }

  private void assertWhere(String where) {
    assertEquals(where, rig.value(WHERE));
  }

  private String slots() {
    return rig.value(
        "SELECT string_agg(value::text, ' ' ORDER BY key) FROM solid_queue_semaphores");
  }

  /** By how many whole minutes from now on the semaphore lasts. */
  private String lasts() {
    return rig.value(
        "SELECT round(extract(epoch FROM expires_at - %s) / 60) FROM solid_queue_semaphores"
            .formatted(UTC));
  }

  private void sweep(int rescued) {
    assertEquals(rescued, rig.sweepWhole());
  }

  @Test
  void afterThreeDeathsTheJobIsWhereItsLibraryHasFailedOnes() {
    rig.deployWith("preset: solid-queue");
    claimed(1, "", 60, 7);
    for (int death = 1; death < 3; death++) {
      sweep(1);
      assertWhere("1r");
      rig.sql("DELETE FROM solid_queue_ready_executions")
          .sql(
              "INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at) VALUES (1, 7, %s)"
                  .formatted(UTC));
    }
    String before = rig.value(ALL);
    StuckJob shown = rig.dryRun().jobs().getFirst();
    assertEquals(Effect.FAIL, shown.effect());
    assertTrue(
        shown
            .reason()
            .endsWith(
                "died on it 3 times, poison_after is 3: quarantined, not queued again; it is then in"
                    + " public.solid_queue_failed_executions, and SolidQueue::Job.find(1).retry"
                    + " brings it back, as does Retry in Mission Control"),
        shown.reason());
    assertEquals(before, rig.value(ALL));
    sweep(1);
    assertEquals(Effect.FAIL, rig.events(JobEvent.Rescued.class).getLast().effect());
    assertWhere("1f");
    assertEquals(List.of("1 fail added"), rig.column(LETTERS));
    assertEquals(
        "SolidQueue::Processes::ProcessExitError|Process pid=7 exited unexpectedly. Put aside by"
            + " Selfheal.|null|t",
        rig.value(
            """
            SELECT concat_ws('|', error::json ->> 'exception_class', error::json ->> 'message',
              error::json -> 'backtrace',
              abs(extract(epoch FROM created_at - %s)) < 60)
            FROM solid_queue_failed_executions"""
                .formatted(UTC)));
    String after = rig.value(ALL);
    sweep(0);
    assertEquals(after, rig.value(ALL));
  }

  /** Two agents, the second between look and statement of the first. */
  @Test
  void twoAgentsFailItOnceAndGiveItsSlotOnce() {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    blocked(3, "k");
    semaphore("k", 0, 60);
    try (Rig other = new Rig(rig.url).deployWith("preset: solid-queue", "poison_after: 1")) {
      other.judge =
          question ->
              Future.fromCompletionStage(CompletableFuture.supplyAsync(rig::sweep))
                  .map(
                      done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
      Swept swept = other.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(0, swept.rescued());
      assertWhere("1f 2r 3b");
      assertEquals("0", slots());
      assertEquals(List.of("1 fail added"), rig.column(LETTERS));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM solid_queue_jobs WHERE id = 1",
        "DELETE FROM solid_queue_claimed_executions",
        "UPDATE solid_queue_processes SET last_heartbeat_at = last_heartbeat_at + interval '1 s'",
        "DELETE FROM solid_queue_processes"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    semaphore("k", 0, 60);
    rig.judge =
        question -> {
          rig.sql(change);
          return Future.succeededFuture(
              new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
        };
    sweep(0);
    assertEquals("0", rig.value("SELECT count(*) FROM solid_queue_failed_executions"));
    assertEquals("1", rig.value("SELECT count(*) FROM solid_queue_blocked_executions"));
    assertEquals("0", slots());
    assertEquals(List.of(), rig.column(LETTERS));
  }

  /** The library's own order: the smallest priority, then the oldest. */
  @Test
  void theSlotGoesToTheNextBlockedJobOfTheKey() {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(4, "k");
    blocked(3, "k");
    blocked(2, "other");
    semaphore("k", 0, 60);
    sweep(1);
    assertWhere("1f 2b 3r 4b");
    assertEquals("0", slots());
    assertEquals("10", lasts());
    assertEquals(
        "3 q3 3",
        rig.value(
            "SELECT concat_ws(' ', job_id, queue_name, priority) FROM solid_queue_ready_executions"));
  }

  @Test
  void withNobodyBlockedTheSlotIsFree() {
    deploy();
    claimed(1, "k", 60, 7);
    semaphore("k", 0, 60);
    sweep(1);
    assertWhere("1f");
    assertEquals("1", slots());
    assertEquals("1", lasts(), "how long its class would have it is not known");
  }

  /**
   * Slots, when the semaphore was made, and when the other holder: what is certainly counted is
   * given on, and nothing else.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 60, 0, 1f 2b 9c, 0, a slot for one and two hold it: the other is not counted",
    "0, 60, 30, 1f 2r 9c, 0, both were made since",
    "1, 60, 30, 1f 2r 9c, 1, there was one left and it is so still",
    "0, 20, 30, 1f 2b 9c, 0, made before the semaphore",
  })
  void aSlotThatMayNotBeCountedIsNotGivenOn(
      int value, int since, int other, String where, String left, String why) {
    deploy();
    claimed(1, "k", 40, 7);
    claimed(9, "k", other == 0 ? 90 : other, 107);
    blocked(2, "k");
    semaphore("k", value, since);
    sweep(1);
    assertEquals(where, rig.value(WHERE), why);
    assertEquals(left, slots(), why);
  }

  /** As after a retry: whenever it took its slot, there is one at least. */
  @Test
  void theOnlyHolderGivesTheOnlySlotOn() {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    semaphore("k", 0, 30);
    sweep(1);
    assertWhere("1f 2r");
    assertEquals("0", slots());
  }

  /** Who of so many holds slots would take too long to look up. */
  @Test
  void whileVeryManyJobsAreReadyNoSlotIsGivenOn() {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    semaphore("k", 0, 60);
    rig.sql(
        """
        WITH jobs AS (
          INSERT INTO solid_queue_jobs (id, queue_name, class_name, created_at, updated_at)
          SELECT g, 'q', 'Job', now(), now() FROM generate_series(11, 10011) AS g RETURNING id)
        INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
        SELECT id, 'q', now() FROM jobs""");
    sweep(1);
    assertEquals("2", rig.value("SELECT job_id FROM solid_queue_blocked_executions"));
    assertEquals("1", rig.value("SELECT job_id FROM solid_queue_failed_executions"));
    assertEquals("0", slots());
  }

  /** A clock that is ahead tells of no job when it took its slot. */
  @Test
  void aJobThatWasMadeAfterItsClaimSaysNothing() {
    deploy();
    claimed(1, "k", -60, 7);
    ready(9, "k", 30);
    blocked(2, "k");
    semaphore("k", 0, 40);
    sweep(1);
    assertWhere("1f 2b 9r");
  }

  /** The first job of a key is made just before its semaphore. */
  @Test
  void aReadyJobHoldsASlotToo() {
    deploy();
    claimed(1, "k", 60, 7);
    ready(9, "k", 30);
    semaphore("k", 0, 60);
    rig.sql("UPDATE solid_queue_semaphores SET created_at = created_at + interval '0.2 s'");
    sweep(1);
    assertWhere("1f 9r");
    assertEquals("1", slots());
  }

  /** As when it expired and was deleted: nothing counts the job, and nothing may be given. */
  @Test
  void withoutASemaphoreTheJobFailsAndNothingElse() {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    sweep(1);
    assertWhere("1f 2b");
    assertEquals("0", rig.value("SELECT count(*) FROM solid_queue_semaphores"));
  }

  @Test
  void aLockedSemaphoreLeavesTheJobForTheNextTime() throws SQLException {
    deploy();
    claimed(1, "k", 60, 7);
    claimed(5, "", 60, 8);
    blocked(2, "k");
    semaphore("k", 0, 60);
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      worker.setAutoCommit(false);
      statement.execute("SELECT FROM solid_queue_semaphores FOR UPDATE");
      sweep(1);
      assertWhere("1c 2b 5f");
      assertEquals(List.of("5 fail added"), rig.column(LETTERS));
      worker.rollback();
    }
    sweep(1);
    assertWhere("1f 2r 5f");
    assertEquals(List.of("5 fail added", "1 fail added"), rig.column(LETTERS));
  }

  @Test
  void aBlockedJobThatAnotherHasLockedIsPassedOver() throws SQLException {
    deploy();
    claimed(1, "k", 60, 7);
    blocked(2, "k");
    blocked(3, "k");
    semaphore("k", 0, 60);
    try (Connection library = TestPostgres.connect(rig.url);
        Statement statement = library.createStatement()) {
      library.setAutoCommit(false);
      statement.execute("SELECT FROM solid_queue_blocked_executions WHERE job_id = 2 FOR UPDATE");
      sweep(1);
      assertWhere("1f 2b 3r");
    }
  }

  /** A semaphore is changed once in a statement: the second job of its key has one of its own. */
  @Test
  void twoOfOneKeyGiveTwoSlots() {
    deploy();
    claimed(1, "k", 30, 7);
    claimed(2, "k", 30, 8);
    blocked(3, "k");
    semaphore("k", 0, 60);
    sweep(2);
    assertWhere("1f 2f 3r");
    assertEquals("1", slots());
  }

  /** As the library does when it fails a job that has failed already. */
  @Test
  void anErrorThatIsThereAlreadyIsOverwritten() {
    deploy();
    claimed(1, "", 60, 7);
    rig.sql("INSERT INTO solid_queue_failed_executions VALUES (50, 1, 'old', now())");
    sweep(1);
    assertEquals(
        "50 t",
        rig.value(
            "SELECT concat_ws(' ', id, error LIKE '%pid=7%') FROM solid_queue_failed_executions"));
  }

  @Test
  void aPersonPutsAJobAside() {
    rig.deployWith("preset: solid-queue");
    claimed(1, "", 60, 7);
    PutAside asked = new PutAside("images", "1", "it is broken", true, null);
    Aside dry = Rig.await(rig.bus.ask(JobRequests.PUT_ASIDE, asked));
    assertEquals(Outcome.DONE, dry.outcome());
    assertWhere("1c");
    asked = new PutAside("images", "1", "it is broken", false, null);
    assertEquals(Outcome.DONE, Rig.await(rig.bus.ask(JobRequests.PUT_ASIDE, asked)).outcome());
    assertWhere("1f");
  }

  /** The tables of failed jobs are not open to the role, or not there. */
  @Test
  void whatIsMissingToFailAJobIsSaidAndJobsAreQueuedAgainAllTheSame() {
    claimed(1, "", 60, 7);
    try (Sweeper sweeper = new Sweeper(rig, "solid_failing");
        Rig sweeps = new Rig(sweeper.url()).deployWith("preset: solid-queue", "poison_after: 2")) {
      rig.sql("GRANT ALL ON ALL TABLES IN SCHEMA selfheal TO " + sweeper.role())
          .sql("GRANT USAGE ON SCHEMA selfheal TO " + sweeper.role())
          .sql("GRANT USAGE ON ALL SEQUENCES IN SCHEMA selfheal TO " + sweeper.role());
      sweeper.grantAll(sweeps);
      String lacking = String.valueOf(sweeps.source().lacking());
      assertTrue(lacking.contains("lacks INSERT on public.solid_queue_failed_executions"), lacking);
      assertTrue(lacking.contains("GRANT USAGE ON SEQUENCE"), lacking);
      assertTrue(
          lacking.contains("lacks UPDATE on value, expires_at of public.solid_queue_semaphores"),
          lacking);
      assertTrue(
          lacking.contains("lacks DELETE on public.solid_queue_blocked_executions"), lacking);
      assertEquals(1, sweeps.sweep().rescued());
      assertWhere("1r");
      rig.sql("DELETE FROM solid_queue_ready_executions")
          .sql(
              "INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at) VALUES (1, 7, %s)"
                  .formatted(UTC));
      StuckJob left = sweeps.sweep().jobs().getFirst();
      assertEquals(Effect.LEAVE, left.effect());
      assertTrue(left.reason().contains("left as it is, for the role"), left.reason());
      assertTrue(left.reason().contains("run: GRANT INSERT"), left.reason());
      assertWhere("1c");
      sweeper.grant(lacking);
      sweeps.count();
      assertNull(sweeps.source().lacking());
      assertEquals(1, sweeps.sweep().rescued());
      assertWhere("1f");
    }
    rig.sql("DROP TABLE solid_queue_semaphores");
    deploy();
    claimed(2, "", 60, 7);
    assertEquals(Effect.LEAVE, rig.sweep().jobs().getFirst().effect());
    assertTrue(
        String.valueOf(rig.source().lacking())
            .startsWith("the table public.solid_queue_semaphores does not exist"),
        rig.source().lacking());
    assertNull(rig.source().problem());
  }
}
