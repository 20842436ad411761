package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to rows while they are judged. */
class SweepRaceTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE jobs SET state = 'done' WHERE id = 2",
        "UPDATE jobs SET started = clock_timestamp(), attempts = attempts + 1 WHERE id = 2",
        "UPDATE jobs SET holder = 'here:3' WHERE id = 2",
        "UPDATE jobs SET heartbeat = clock_timestamp() WHERE id = 2",
        "DELETE FROM jobs WHERE id = 2"
      })
  void aJobThatChangesAfterTheLookIsLeftAsItIs(String change) {
    rig.table().running(3, "now()", "here:1").deploy();
    rig.judge = meanwhile(() -> rig.sql(change));
    Swept swept = rig.sweep();
    assertEquals(2, swept.rescued());
    assertEquals(List.of(Effect.REQUEUE, Effect.LEAVE, Effect.REQUEUE), effects(swept));
    assertTrue(swept.jobs().get(1).reason().startsWith("changed since the look"));
    JobEvent.Left left = rig.events(JobEvent.Left.class).getFirst();
    assertEquals("2", left.jobId());
    assertEquals("incident-1", left.incidentId());
    assertEquals(
        List.of("1", "3"), rig.column("SELECT id FROM jobs WHERE state = 'ready' ORDER BY id"));
  }

  @Test
  void aLockedJobIsSkippedAndNotWaitedFor() throws SQLException {
    rig.table().running(3, "now()", "here:1").deploy();
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE jobs SET state = 'done' WHERE id = 2");
      Swept swept = rig.sweep();
      assertEquals(2, swept.rescued());
      other.commit();
    }
    assertEquals("done", rig.value("SELECT state FROM jobs WHERE id = 2"));
  }

  @Test
  void aLockedTableEndsTheSweepWithAProblemAndTheNextGoesOn() throws SQLException {
    rig.table().running(3, "now()", "here:1").deploy();
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE jobs IN SHARE MODE");
      Swept swept = rig.sweep();
      assertEquals(0, swept.rescued());
      String problem = swept.problems().get("images");
      assertTrue(String.valueOf(problem).contains("another session locks the table"), problem);
      assertEquals(Hindrance.LOCKED, swept.unswept().get("images").hindrance(), "it is asked soon");
      other.rollback();
    }
    assertEquals(3, rig.sweep().rescued());
  }

  @Test
  void aJobWhoseChangeTheTableDoesNotAllowKeepsNoOther() {
    rig.table().running(6, "now()", "here:1").sql("UPDATE jobs SET attempts = 3 WHERE id = 4");
    rig.deploy("batch: 3").sql("ALTER TABLE jobs ADD CHECK (state <> 'failed')");
    Swept swept = rig.sweep();
    assertEquals(5, swept.rescued());
    assertTrue(String.valueOf(swept.problems().get("images")).contains("1 job is left: could not"));
    assertTrue(String.valueOf(swept.problems().get("images")).contains("does not allow"));
    assertEquals(List.of("4"), rig.column("SELECT id FROM jobs WHERE state <> 'ready'"));
    rig.tick();
    assertNotNull(rig.source().problem(), "a look that succeeds does not hide it");
    assertEquals(1, rig.events(JobEvent.Left.class).size());
    rig.sql("DELETE FROM jobs").tick();
    assertNull(rig.source().problem());
  }

  @Test
  void whatWasRefusedIsSaidAndTriedAgainAfterAWhile() {
    rig.table().running(1, "now()", "here:1").sql("UPDATE jobs SET attempts = 3");
    rig.deploy().sql("ALTER TABLE jobs ADD CONSTRAINT mended CHECK (state <> 'failed')");
    rig.sweep();
    StuckJob told = rig.stuck(10).jobs().getFirst();
    assertEquals(Effect.LEAVE, told.effect());
    assertTrue(told.reason().contains("does not allow"), told.reason());
    assertNotNull(rig.sweep().problems().get("images"), "it is still left");
    rig.sql("ALTER TABLE jobs DROP CONSTRAINT mended");
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(1));
    rig.tick();
    assertEquals(1, rig.sweep().rescued());
    rig.tick();
    assertNull(rig.source().problem());
  }

  /** One of a hundred, each by itself. */
  @Test
  void manyThatAreRefusedKeepNoOther() {
    rig.table().running(2000, "now()", "here:1");
    rig.sql(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'row % is special', NEW.id; END $$""")
        .sql(
            "CREATE TRIGGER refuse BEFORE UPDATE ON jobs FOR EACH ROW"
                + " WHEN (OLD.id % 100 = 7) EXECUTE FUNCTION refuse()");
    rig.deploy("batch: 500");
    Swept swept = rig.sweep();
    assertEquals(1980, swept.rescued());
    assertTrue(swept.problems().toString().contains("is special"), swept.problems().toString());
    assertEquals("20", rig.value("SELECT count(*) FROM jobs WHERE state = 'running'"));
    assertEquals(0, rig.sweep().rescued());
  }

  @Test
  void twoSweepersAtOnceRescueEachJobOnce() {
    rig.table().running(2000, "now()", "here:1").deploy("batch: 100");
    rig.sql("CREATE TABLE changes (id bigint)")
        .sql(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO changes VALUES (NEW.id); RETURN NEW; END $$")
        .sql("CREATE TRIGGER note AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note()");
    try (Rig other = new Rig(rig.url).deploy("batch: 100")) {
      Future<Swept> first = ask(rig);
      Future<Swept> second = ask(other);
      long rescued = Rig.await(first).rescued() + Rig.await(second).rescued();
      rig.settle();
      other.settle();
      assertEquals(2000, rescued + Rig.await(ask(rig)).rescued());
    }
    assertEquals("2000", rig.value("SELECT count(*) FROM changes"));
    assertEquals("2000", rig.value("SELECT count(DISTINCT id) FROM changes"));
  }

  @Test
  void oneSweepAtATime() {
    rig.table().running(10, "now()", "here:1").deploy();
    Promise<Verdicts> answer = Promise.promise();
    Promise<Void> asked = Promise.promise();
    rig.judge =
        question -> {
          asked.tryComplete();
          return answer.future().map(verdicts(question));
        };
    Future<Swept> first = ask(rig);
    Rig.await(asked.future());
    Future<Swept> second = ask(rig);
    Future<?> sources = rig.bus.ask(JobRequests.SOURCES, new JobRequests.ListSources());
    Rig.await(sources);
    assertEquals(1, rig.questions.size(), "the second waits for the first");
    answer.complete(new Verdicts(List.of()));
    assertEquals(10, Rig.await(first).rescued());
    assertEquals(0, Rig.await(second).looked());
    Set<String> once = new HashSet<>();
    rig.settle();
    rig.events(JobEvent.Rescued.class).forEach(event -> assertTrue(once.add(event.jobId())));
    assertEquals(10, once.size());
  }

  /**
   * A killed worker's last statement may still hold the row. When it lets go, the agent must know
   * that the job was taken before the next process with that name began.
   */
  @Test
  void sinceWhenAJobIsHeldIsStillKnownWhenItsRescueFoundItLocked() throws SQLException {
    rig.table().running(1, "now()", "here:1").deploy().tick();
    rig.pass(Duration.ofMinutes(1));
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM jobs FOR UPDATE");
      assertEquals(0, rig.sweep().rescued());
      other.rollback();
    }
    rig.questions.clear();
    rig.tick();
    Duration known = rig.questions.remove().holders().getFirst().knownFor();
    assertTrue(known != null && known.compareTo(Duration.ofMinutes(1)) >= 0, "known for " + known);
  }

  /** Two transactions are made of a batch once a sweep has seen that nobody else writes. */
  @Test
  void whatOnePartOfABatchDidIsToldWhenTheOtherFails() {
    rig.table().running(200, "now()", "here:1").deploy();
    assertEquals(200, rig.sweep().rescued());
    rig.running(400, "now()", "here:1")
        .sql(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '55000'; END $$""")
        .sql(
            """
            CREATE TRIGGER refuse BEFORE UPDATE ON jobs FOR EACH ROW WHEN (OLD.id = 201)
            EXECUTE FUNCTION refuse()""");
    Swept swept = rig.sweep();
    String problem = swept.problems().get("images");
    assertTrue(problem != null && problem.contains("not this one"), String.valueOf(problem));
    assertEquals(200, swept.rescued());
    assertEquals("400", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
    assertEquals(400, rig.events(JobEvent.Rescued.class).size());
  }

  private static Future<Swept> ask(Rig rig) {
    return rig.bus.ask(
        JobRequests.SWEEP, new Sweep(null, null, false, null), Duration.ofSeconds(60));
  }

  private Function<JudgeHolders, Future<Verdicts>> meanwhile(Callable<?> change) {
    return question -> rig.vertx.executeBlocking(change).map(done -> verdicts(question));
  }

  private static Verdicts verdicts(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(Rig::verdict).toList());
  }

  private static List<Effect> effects(Swept swept) {
    return swept.jobs().stream().map(job -> job.effect()).toList();
  }
}
