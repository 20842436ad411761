package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deaths and dead letters are of jobs at one place: ids begin anew elsewhere, and later. */
class PlaceTest {
  private static final String DEATHS = "SELECT count(*) FROM selfheal.deaths";

  /** Nothing in the row tells one run of a job from another. */
  private static final String TABLE =
      "CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL,"
          + " holder text)";

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Rig deploy(Rig rig) {
    return rig.deployWith(
        "table: jobs",
        "columns: {id: id, state: state, holder: holder}",
        "states: {ready: ready, running: running, failed: failed, dead_letter: dead}",
        "max_attempts: 0");
  }

  private static Rig job(Rig rig) {
    return rig.sql(TABLE).sql("INSERT INTO jobs (state) VALUES ('ready')");
  }

  /** A worker takes the job, and dies; what becomes of the job? */
  private static Effect die(Rig rig, int pid) {
    rig.sql("UPDATE jobs SET state = 'running', holder = 'here:%d' WHERE id = 1".formatted(pid));
    return rig.sweep().jobs().getFirst().effect();
  }

  private Rig diedTwice() {
    job(rig).migrate();
    deploy(rig);
    assertEquals(Effect.REQUEUE, die(rig, 1));
    assertEquals(Effect.REQUEUE, die(rig, 2));
    return rig;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE jobs RESTART IDENTITY",
        "DROP TABLE jobs; " + TABLE,
        "ALTER TABLE jobs RENAME TO old; " + TABLE,
        "CREATE SCHEMA old; ALTER TABLE jobs SET SCHEMA old; " + TABLE
      })
  void aNewJobDoesNotInheritTheDeathsOfTheOneThatHadItsId(String anew) {
    diedTwice().sql(anew).sql("INSERT INTO jobs (state) VALUES ('ready')");
    assertEquals(Effect.REQUEUE, die(rig, 3));
    assertEquals(Effect.REQUEUE, die(rig, 4));
    assertEquals(Effect.DEAD_LETTER, die(rig, 5), "its own deaths count");
  }

  /** Near misses: the job is the same one, whatever its table went through. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT",
        "VACUUM jobs",
        "ANALYZE jobs",
        "REINDEX TABLE jobs",
        "ALTER TABLE jobs ADD COLUMN queue text DEFAULT 'default'",
        "INSERT INTO jobs (state) SELECT 'ready' FROM generate_series(1, 1000)"
      })
  void theDeathsOfAJobStayWithIt(String statement) {
    diedTwice().sql(statement);
    assertEquals(Effect.DEAD_LETTER, die(rig, 3));
  }

  /** Its rows are written into another file, and nothing tells that they are the same. */
  @Test
  void aTableThatIsWrittenAnewForgetsDeaths() {
    diedTwice().sql("VACUUM FULL jobs");
    assertEquals(Effect.REQUEUE, die(rig, 3));
    assertEquals("3", rig.value(DEATHS));
  }

  @Test
  void deathsInAnotherDatabaseOfTheSameNamesAreOfOtherJobs() {
    diedTwice();
    try (Rig other = new Rig(TestPostgres.freshDatabase())) {
      other.own = rig.url;
      job(other);
      deploy(other);
      assertEquals(Effect.REQUEUE, die(other, 3));
      assertEquals(Effect.REQUEUE, die(other, 4));
      assertEquals(Effect.DEAD_LETTER, die(other, 5));
    }
    assertEquals(Effect.DEAD_LETTER, die(rig, 3));
    assertEquals("2", rig.value("SELECT count(*) FROM selfheal.dead_letters"));
  }

  /** Whatever it had read before, its deaths are those of the old job. */
  @Test
  void aTableThatIsEmptiedBetweenLookAndRescueKeepsTheOldOnesDeaths() {
    diedTwice();
    rig.judge =
        question ->
            rig.vertx
                .executeBlocking(
                    () ->
                        rig.sql("TRUNCATE jobs RESTART IDENTITY")
                            .sql("INSERT INTO jobs (state) VALUES ('ready')"))
                .map(done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
    assertEquals(Effect.LEAVE, die(rig, 3));
    rig.judge =
        question ->
            io.vertx.core.Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
    assertEquals(Effect.REQUEUE, die(rig, 4));
    assertEquals(Effect.REQUEUE, die(rig, 5));
    assertEquals(Effect.DEAD_LETTER, die(rig, 6));
  }

  /** Also under a claim that looks the same, as those of a table without times and attempts. */
  @Test
  void aNewJobIsNotTakenForTheOneWithItsIdThatWasPutAside() {
    diedTwice();
    assertEquals(Effect.DEAD_LETTER, die(rig, 3));
    rig.sql("TRUNCATE jobs RESTART IDENTITY").sql("INSERT INTO jobs (state) VALUES ('ready')");
    die(rig, 1);
    die(rig, 2);
    assertEquals(Effect.DEAD_LETTER, die(rig, 3));
    assertEquals(
        List.of("1 added", "1 added"),
        rig.column("SELECT job_id || ' ' || state FROM selfheal.dead_letters"));
    assertEquals(2, rig.events(DeadLetterEvent.Added.class).size());
  }

  /** Claims of Solid Queue count no attempts, and its ids are those of another table. */
  @Test
  void solidQueueThatWasEmptiedBeginsAnew() {
    rig.sql(LibrarySchemas.of("solid_queue")).migrate().deployWith("preset: solid-queue");
    assertEquals(Effect.REQUEUE, claimed(1));
    assertEquals(Effect.REQUEUE, claimed(2));
    rig.sql("TRUNCATE solid_queue_jobs, solid_queue_processes RESTART IDENTITY CASCADE");
    assertEquals(Effect.REQUEUE, claimed(3));
    assertEquals(Effect.REQUEUE, claimed(4));
    StuckJob third = last(5);
    assertTrue(third.reason().contains("died on it 3 times"), third.reason());
  }

  private Effect claimed(int pid) {
    return last(pid).effect();
  }

  /** A process takes the job 1, and dies. */
  private StuckJob last(int pid) {
    rig.sql(
        """
        INSERT INTO solid_queue_jobs (queue_name, class_name, created_at, updated_at)
        SELECT 'mail', 'Job', now(), now() WHERE NOT EXISTS (SELECT FROM solid_queue_jobs);
        DELETE FROM solid_queue_ready_executions;
        WITH process AS (
          INSERT INTO solid_queue_processes (kind, last_heartbeat_at, pid, hostname, created_at, name)
          SELECT 'Worker', utc, %1$d, 'here', utc, 'worker-%1$d'
          FROM (SELECT now() AT TIME ZONE 'UTC' AS utc) AS now RETURNING id)
        INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
        SELECT 1, id, clock_timestamp() AT TIME ZONE 'UTC' FROM process"""
            .formatted(pid));
    return rig.sweep().jobs().getFirst();
  }

  /** Where everybody's right to ask which server it is was taken away. */
  @Test
  void aRoleThatMayNotAskForTheServerCountsDeathsToo() {
    job(rig).migrate().sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
    try (Sweeper sweeper = new Sweeper(rig, "place");
        Rig poor = new Rig(sweeper.url())) {
      rig.sql("GRANT SELECT, UPDATE ON jobs TO " + sweeper.role())
          .sql("GRANT USAGE ON SCHEMA selfheal TO " + sweeper.role())
          .sql("GRANT ALL ON ALL TABLES IN SCHEMA selfheal TO " + sweeper.role());
      deploy(poor);
      assertEquals(Effect.REQUEUE, swept(poor, 1));
      assertEquals(Effect.REQUEUE, swept(poor, 2));
      assertEquals(Effect.DEAD_LETTER, swept(poor, 3));
      rig.sql("TRUNCATE jobs RESTART IDENTITY").sql("INSERT INTO jobs (state) VALUES ('ready')");
      assertEquals(Effect.REQUEUE, swept(poor, 4));
    }
  }

  private Effect swept(Rig poor, int pid) {
    rig.sql("UPDATE jobs SET state = 'running', holder = 'here:%d' WHERE id = 1".formatted(pid));
    return poor.sweep().jobs().getFirst().effect();
  }
}
