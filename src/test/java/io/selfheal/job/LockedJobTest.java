package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps while other sessions have rows of stuck jobs locked, or seem to. */
@Timeout(120)
class LockedJobTest {
  private static final String LOCK = "SELECT FROM jobs WHERE id = 2 FOR UPDATE";

  private final Rig rig = new Rig();
  private final Sessions sessions = new Sessions(rig.url);

  @AfterEach
  void close() throws Exception {
    sessions.close();
    rig.close();
  }

  private Rig three() {
    return rig.table().running(3, "now()", "here:1").deploy("act_on_unknown: true");
  }

  private static Hindrance hindrance(Swept swept) {
    return swept.unswept().get("images").hindrance();
  }

  /** The pid of a session. */
  private String pid(String application) {
    return rig.value(
        "SELECT pid FROM pg_stat_activity WHERE application_name = '%s'".formatted(application));
  }

  @Test
  void itIsSaidWhoHasTheRowAndTriedAgain() throws Exception {
    three();
    Connection other = sessions.idle("psql", LOCK);
    Swept swept = rig.sweep();
    assertEquals(2, swept.rescued());
    assertEquals(Hindrance.LOCKED, hindrance(swept));
    String problem = String.valueOf(swept.problems().get("images"));
    String who = "it is locked by pid " + pid("psql") + " (psql, ";
    assertTrue(problem.startsWith("1 job is tried again until its row is free: " + who), problem);
    assertTrue(problem.contains(", idle in transaction for "), problem);
    assertTrue(problem.endsWith("): " + LOCK), problem);
    assertEquals(
        List.of(Effect.REQUEUE, Effect.LEAVE, Effect.REQUEUE),
        swept.jobs().stream().map(StuckJob::effect).toList());
    assertTrue(swept.jobs().get(1).reason().contains(who), swept.jobs().get(1).reason());
    JobEvent.Left left = rig.events(JobEvent.Left.class).getFirst();
    assertEquals("incident-1", left.incidentId());
    assertEquals(swept.jobs().get(1).reason(), left.reason());

    StuckJob shown = rig.stuck(10).jobs().getFirst();
    assertEquals(Effect.REQUEUE, shown.effect(), "as the next sweep would");
    assertTrue(shown.reason().contains("free: " + who), shown.reason());
    assertEquals(problem, rig.sweep().problems().get("images"), "what stays as it is is no news");
    assertEquals(1, rig.events(JobEvent.Left.class).size());
    rig.tick();
    assertEquals(null, rig.source().problem(), "the source itself is well");

    sessions.release(other);
    swept = rig.sweep();
    assertEquals(1, swept.rescued());
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
  }

  /** Near misses: by then the job is another's, or over; whoever has the row has it rightly. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE jobs SET state = 'done' WHERE id = 2",
        "UPDATE jobs SET started = clock_timestamp(), attempts = attempts + 1 WHERE id = 2",
        "UPDATE jobs SET state = 'ready' WHERE id = 2",
        "DELETE FROM jobs WHERE id = 2"
      })
  void whatWasCompletedOrTakenAnewIsNotWaitedFor(String change) throws Exception {
    three();
    meanwhile(
        () -> {
          rig.sql(change);
          return sessions.idle("psql", LOCK);
        });
    Swept swept = rig.sweep();
    assertEquals(2, swept.rescued());
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
    assertTrue(
        rig.events(JobEvent.Left.class).getFirst().reason().startsWith("changed since the look"));
  }

  /** Another agent has the rows for a moment only. */
  @Test
  void whatAnotherAgentRescuesAtThatMomentIsNotWaitedFor() throws Exception {
    three();
    sessions.idle("selfheal", "UPDATE jobs SET state = 'ready' WHERE id = 2");
    Swept swept = rig.sweep();
    assertEquals(2, swept.rescued());
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
  }

  /** A trigger keeps the row as it is: nobody has it locked, and waiting would be in vain. */
  @Test
  void whatTheTableLeavesAsItIsIsNotWaitedFor() {
    three()
        .sql(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RETURN NULL; END $$")
        .sql("CREATE TRIGGER keep BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION keep()");
    Swept swept = rig.sweep();
    assertEquals(0, swept.rescued());
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
  }

  /** As frameworks lock: PostgreSQL then shows only that somebody has the row. */
  @Test
  void aLockOfASavepointThatWasReleasedIsTheOnesThatSeemsToHaveIt() throws Exception {
    three();
    sessions.idle("psql", "SAVEPOINT a; " + LOCK + "; RELEASE a");
    String problem = String.valueOf(rig.sweep().problems().get("images"));
    assertTrue(problem.contains("locked as it seems by pid " + pid("psql") + " "), problem);
  }

  /** The lock that a row of another table takes on the job that it is of. */
  @Test
  void aForeignKeyLocksToo() throws Exception {
    three().sql("CREATE TABLE logs (job bigint REFERENCES jobs)");
    sessions.idle("psql", "INSERT INTO logs VALUES (2)");
    assertEquals(Hindrance.LOCKED, hindrance(rig.sweep()));
  }

  @Test
  void aSweepForAWorkerDoesNotWaitForWhatIsOnlyGuessed() throws Exception {
    rig.table().running(1, "now() - interval '2 hours'", "here:999").deploy("act_on_unknown: true");
    sessions.idle("psql", "SELECT FROM jobs FOR UPDATE");
    assertEquals(Hindrance.LOCKED, hindrance(rig.sweep(new Sweep("images", null, false, null))));
    assertTrue(rig.sweep(new Sweep(null, "images", false, "one")).problems().isEmpty());
  }

  /** They are asked for by their ids, a hundred at most. */
  @Test
  void ofManyThatAreLockedSomeAreEnough() throws Exception {
    rig.table().running(500, "now()", "here:1").deploy("batch: 50");
    Connection other = sessions.idle("psql", "SELECT FROM jobs WHERE id <= 300 FOR UPDATE");
    Swept swept = rig.sweep();
    assertEquals(200, swept.rescued());
    String problem = String.valueOf(swept.problems().get("images"));
    assertTrue(problem.startsWith("at least 100 jobs are tried again until their rows"), problem);
    sessions.release(other);
    assertEquals(300, rig.sweep().rescued());
  }

  /** Only what was left unchanged costs more than before. */
  @Test
  void aSweepThatLeavesNothingAsksNothingMore() {
    three();
    rig.questions.clear();
    assertEquals(3, rig.sweep().rescued());
    assertEquals(1, rig.questions.size(), "it is judged once");
  }

  static Stream<ToyLibrary> libraries() {
    return Stream.of(
        new ToyTable(),
        new ToyRiver(),
        new ToyOban(),
        new ToySolidQueue(),
        new ToyGoodJob(),
        new ToyDbScheduler(),
        new ToyProcrastinate(),
        new ToyBoss(),
        new ToyGraphileWorker());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void inEachLibrary(ToyLibrary library) throws Exception {
    library.make(rig);
    try (Connection connection = TestPostgres.connect(rig.url)) {
      add(connection, library);
      new ToyProcess("here", 7, 0, library, connection).take(true);
    }
    rig.deployWith(String.join("\n", library.source()), "act_on_unknown: true", "stuck_after: 30m");
    Connection other = sessions.idle("psql", "SELECT FROM " + rig.source().table() + " FOR UPDATE");
    Swept swept = rig.sweep();
    String problem = String.valueOf(swept.problems().get("images"));
    assertTrue(problem.contains("free: it is locked by pid " + pid("psql") + " "), problem);
    sessions.release(other);
    assertEquals(1, rig.sweep().rescued());
  }

  private static void add(Connection connection, ToyLibrary library) throws SQLException {
    try (var statement = connection.prepareStatement(library.add())) {
      statement.setInt(1, 5);
      statement.execute();
    }
  }

  /** Between the look and the rescue. */
  private void meanwhile(Callable<?> change) {
    var judge = rig.judge;
    rig.judge =
        question -> {
          rig.judge = judge;
          return rig.vertx
              .executeBlocking(change)
              .map(done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
        };
  }
}
