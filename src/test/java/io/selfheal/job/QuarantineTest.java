package io.selfheal.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.DeadLetterRequests.DeadLetters;
import io.selfheal.message.DeadLetterRequests.ListDeadLetters;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.Migrations;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs on which workers die again and again. */
class QuarantineTest {
  private static final String DEATHS = "SELECT count(*) FROM selfheal.deaths";
  private static final String LETTERS =
      "SELECT job_id || ' ' || effect || ' ' || state FROM selfheal.dead_letters ORDER BY id";

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Rig deploy(Rig rig) {
    return rig.deployWith(
        "table: jobs",
        Rig.COLUMNS,
        "states: {ready: ready, running: running, failed: failed, dead_letter: dead}",
        "max_attempts: 0");
  }

  private Rig job() {
    return rig.table().sql("INSERT INTO jobs (state, attempts) VALUES ('ready', 0)");
  }

  /** A worker takes the job, and dies. */
  private Rig take() {
    return rig.sql(
        "UPDATE jobs SET state = 'running', started = clock_timestamp(), attempts = attempts + 1,"
            + " holder = 'here:' || attempts + 1 WHERE id = 1");
  }

  private Effect die() {
    return take().sweep().jobs().getFirst().effect();
  }

  private static DeadLetters letters(Rig rig, @Nullable Long before, int limit) {
    return Rig.await(
        rig.bus.ask(DeadLetterRequests.LIST, new ListDeadLetters(null, before, limit)));
  }

  private static List<DeadLetter> added(Rig rig) {
    return rig.events(DeadLetterEvent.Added.class).stream()
        .map(DeadLetterEvent.Added::letter)
        .toList();
  }

  @Test
  void afterThreeDeathsTheJobIsPutAsideAndNotQueuedAgain() {
    job().migrate();
    deploy(rig);
    assertEquals(Effect.REQUEUE, die());
    assertEquals(Effect.REQUEUE, die());
    assertTrue(added(rig).isEmpty());
    assertEquals(Effect.DEAD_LETTER, die());
    assertEquals("dead", rig.value("SELECT state FROM jobs"));
    assertEquals(List.of("1 dead_letter added"), rig.column(LETTERS));
    assertEquals(Effect.DEAD_LETTER, rig.events(JobEvent.Rescued.class).getLast().effect());
    DeadLetter said = added(rig).getFirst();
    DeadLetter listed = letters(rig, null, 10).deadLetters().getFirst();
    assertEquals(said.id(), listed.id());
    assertEquals(said.reason(), listed.reason());
    assertEquals(List.of("no process 1"), listed.reasons().getFirst().evidence());
    assertEquals(
        List.of(1L, 2L, 3L), listed.reasons().stream().map(death -> death.attempts()).toList());
    assertEquals("dead_letter.added", rig.events(DeadLetterEvent.Added.class).getFirst().type());
  }

  @Test
  void aDryRunAndAListSayWhatASweepWillDo() {
    job().migrate();
    deploy(rig);
    die();
    die();
    take();
    String before = rig.fingerprint();
    assertEquals(Effect.DEAD_LETTER, rig.dryRun().jobs().getFirst().effect());
    StuckJob shown = rig.stuck(10).jobs().getFirst();
    assertEquals(Effect.DEAD_LETTER, shown.effect());
    assertTrue(shown.reason().contains("died on it 3 times"), shown.reason());
    rig.tick();
    JobEvent.Stuck stuck = rig.events(JobEvent.Stuck.class).getLast();
    assertEquals(Effect.DEAD_LETTER, stuck.examples().getFirst().effect());
    assertEquals(before, rig.fingerprint());
    assertEquals("2", rig.value(DEATHS));
    assertTrue(rig.column(LETTERS).isEmpty());
    assertEquals(shown.reason(), rig.sweep().jobs().getFirst().reason());
  }

  @Test
  void twoAgentsCountADeathOnce() {
    job().migrate();
    deploy(rig);
    try (Rig other = deploy(new Rig(rig.url))) {
      other.judge =
          question ->
              Future.fromCompletionStage(CompletableFuture.supplyAsync(rig::sweep))
                  .map(
                      done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
      for (int deaths = 1; deaths <= 3; deaths++) {
        take();
        Swept swept = other.sweep();
        assertTrue(swept.problems().isEmpty(), swept.problems().toString());
        assertEquals(0, swept.rescued());
        assertEquals("" + deaths, rig.value(DEATHS));
      }
      assertEquals(List.of("1 dead_letter added"), rig.column(LETTERS));
      assertEquals(1, added(rig).size() + added(other).size());
    }
  }

  @Test
  void deathsForWantOfMemoryCountDouble() {
    job().migrate();
    deploy(rig);
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> new Verdict(Ruling.DEAD, List.of("killed"), true))
                        .toList()));
    assertEquals(Effect.REQUEUE, die());
    assertEquals(Effect.DEAD_LETTER, die());
  }

  @Test
  void deploymentsPutNoJobAside() {
    job().migrate();
    deploy(rig);
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> Rig.verdict(holder).ended(End.ORDERLY))
                        .toList()));
    for (int i = 0; i < 5; i++) {
      assertEquals(Effect.REQUEUE, die());
    }
    assertEquals("0", rig.value(DEATHS));
  }

  @Test
  void ofTwentyJobsInOneProcessOnlyTheOneThatKillsIsPutAside() {
    rig.table().migrate();
    deploy(rig);
    rig.sql("INSERT INTO jobs (state, attempts) SELECT 'ready', 0 FROM generate_series(1, 20)");
    for (int deaths = 1; deaths <= 4; deaths++) {
      assertEquals(List.of(), rig.column(LETTERS));
      rig.sql(
          "UPDATE jobs SET state = 'running', started = clock_timestamp(), attempts = attempts + 1,"
              + " holder = 'here:%d' WHERE state = 'ready'".formatted(deaths));
      assertEquals(20, rig.sweep().rescued());
      rig.sql("UPDATE jobs SET state = 'done' WHERE state = 'ready' AND id > 1")
          .sql("INSERT INTO jobs (state, attempts) SELECT 'ready', 0 FROM generate_series(1, 19)");
    }
    assertEquals(List.of("1 dead_letter added"), rig.column(LETTERS));
    assertEquals(
        "3.05",
        rig.value(
            "SELECT round(sum(points)::numeric, 2)::text FROM selfheal.deaths WHERE job_id = '1'"));
  }

  @Test
  void aJobThatBeginsAnewInBetweenIsNoPoison() {
    job().migrate();
    deploy(rig);
    for (int i = 0; i < 5; i++) {
      rig.sql("UPDATE jobs SET attempts = 0");
      assertEquals(Effect.REQUEUE, die());
    }
    assertEquals("5", rig.value(DEATHS));
  }

  /** A source of the same name, as another agent or an earlier configuration has one. */
  @Test
  void deathsOnAnotherTableAreOfOtherJobs() {
    job().migrate();
    deploy(rig);
    die();
    die();
    rig.sql("UPDATE selfheal.deaths SET place = 'another'");
    assertEquals(Effect.REQUEUE, die());
    assertEquals(Effect.REQUEUE, die());
    assertEquals(Effect.DEAD_LETTER, die());
  }

  @Test
  void exhaustedAttemptsOfAPoisonJobAreListedToo() {
    job().migrate().deploy("max_attempts: 3");
    die();
    die();
    assertEquals(Effect.FAIL, die());
    assertEquals(List.of("1 fail added"), rig.column(LETTERS));
  }

  @Test
  void zeroIsNever() {
    job().migrate().deploy("max_attempts: 0", "poison_after: 0");
    for (int i = 0; i < 5; i++) {
      assertEquals(Effect.REQUEUE, die());
    }
    assertEquals("0", rig.value(DEATHS));
  }

  @Test
  void anAgentThatEndsBeforeItWroteWhatItDidIsFinishedByTheNext() {
    job().migrate();
    deploy(rig);
    die();
    die();
    rig.sql(
            "CREATE FUNCTION selfheal.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'not now'; END $$")
        .sql(
            "CREATE TRIGGER refuse BEFORE UPDATE ON selfheal.dead_letters"
                + " FOR EACH ROW EXECUTE FUNCTION selfheal.refuse()");
    assertEquals(Effect.DEAD_LETTER, die());
    assertEquals(List.of("1 dead_letter intended"), rig.column(LETTERS));
    assertTrue(letters(rig, null, 10).deadLetters().isEmpty());
    rig.sql("DROP TRIGGER refuse ON selfheal.dead_letters");
    try (Rig next = deploy(new Rig(rig.url))) {
      next.count();
      assertEquals(List.of("1 dead_letter intended"), rig.column(LETTERS), "it may be at it");
      rig.sql("UPDATE selfheal.dead_letters SET at = at - interval '1 minute'");
      next.count();
      next.settle();
      assertEquals(List.of("1 dead_letter added"), rig.column(LETTERS));
      assertEquals(3, added(next).getFirst().reasons().size());
      next.count();
      assertEquals(1, next.settle().events(DeadLetterEvent.Added.class).size());
    }
  }

  @Test
  void aJobThatTheTableDoesNotLetBePutAsideIsNotOnTheList() {
    job().migrate();
    deploy(rig);
    die();
    die();
    rig.sql("ALTER TABLE jobs ADD CONSTRAINT living CHECK (state <> 'dead')");
    take().sweep();
    assertEquals(List.of(), rig.column(LETTERS));
    assertEquals("running", rig.value("SELECT state FROM jobs"));
  }

  @Test
  void anAgentThatEndsBeforeItChangedTheJobLeavesItToTheNext() throws SQLException {
    job().migrate();
    deploy(rig);
    die();
    die();
    take();
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE jobs IN SHARE MODE");
      rig.sweep();
    }
    assertEquals(List.of("1 dead_letter intended"), rig.column(LETTERS));
    assertEquals("running", rig.value("SELECT state FROM jobs"));
    rig.sql("UPDATE selfheal.dead_letters SET at = at - interval '1 minute'");
    try (Rig next = deploy(new Rig(rig.url))) {
      next.count();
      assertEquals(List.of("1 dead_letter intended"), rig.column(LETTERS));
      assertEquals(1, next.sweep().rescued());
      assertEquals(1, added(next).size());
    }
    assertEquals("dead", rig.value("SELECT state FROM jobs"));
    assertEquals(List.of("1 dead_letter added"), rig.column(LETTERS));
    assertEquals("3", rig.value(DEATHS));
  }

  @Test
  void aJobThatWasCompletedMeanwhileIsNotListed() {
    job().migrate();
    deploy(rig);
    die();
    die();
    take();
    rig.judge =
        question ->
            rig.vertx
                .executeBlocking(() -> rig.sql("UPDATE jobs SET state = 'done'"))
                .map(done -> new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
    assertEquals(0, rig.sweep().rescued());
    assertTrue(rig.column(LETTERS).isEmpty());
    assertTrue(added(rig).isEmpty());
  }

  @Test
  void whileTheAgentsDatabaseIsAwayDeathsAreRememberedAndWrittenLater() {
    rig.own = TestPostgres.freshDatabase();
    job();
    deploy(rig);
    assertEquals(Effect.REQUEUE, die());
    assertEquals(Effect.REQUEUE, die());
    Rig.await(new Migrations(rig.vertx).migrate(requireNonNull(rig.own)));
    rig.pass(Duration.ofSeconds(5));
    assertEquals(Effect.DEAD_LETTER, die());
    assertNotNull(added(rig).getFirst().id());
    assertEquals(3, letters(rig, null, 10).deadLetters().getFirst().reasons().size());
  }

  @Test
  void withoutTheAgentsDatabaseAJobIsPutAsideAndListedLater() {
    rig.own = TestPostgres.freshDatabase();
    job();
    deploy(rig);
    die();
    die();
    assertEquals(Effect.DEAD_LETTER, die());
    assertNull(added(rig).getFirst().id());
    Rig.await(new Migrations(rig.vertx).migrate(requireNonNull(rig.own)));
    rig.pass(Duration.ofSeconds(5));
    rig.count();
    assertEquals("1", letters(rig, null, 10).deadLetters().getFirst().jobId());
    assertEquals(1, rig.settle().events(DeadLetterEvent.Added.class).size());
  }

  @Test
  void whatALibraryHasNoPlaceForStaysAndIsListedOnce() {
    rig.sql(LibrarySchemas.of("db-scheduler")).migrate();
    rig.sql(
        "INSERT INTO scheduled_tasks VALUES ('t', '1', NULL, now(), true, 'here:1', NULL, NULL, 0, now(), 1)");
    rig.deployWith("preset: db-scheduler", "holder: {format: \"{host}:{pid}\"}", "poison_after: 1");
    String before = rig.value("SELECT scheduled_tasks::text FROM scheduled_tasks");
    assertEquals(Effect.LEAVE, rig.dryRun().jobs().getFirst().effect());
    assertTrue(rig.column(LETTERS).isEmpty());
    rig.tick().tick();
    assertEquals(0, rig.sweep().rescued());
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty(), "nobody is asked in vain");
    assertEquals(1, added(rig).size());
    assertTrue(
        added(rig).getFirst().reason().contains("for its library has no place for such jobs; "));
    assertEquals(List.of("[\"t\", \"1\"] leave added"), rig.column(LETTERS));
    assertEquals(before, rig.value("SELECT scheduled_tasks::text FROM scheduled_tasks"));
  }

  @Test
  void deathsOfLongAgoAreForgotten() {
    job().migrate();
    deploy(rig);
    die();
    die();
    rig.sql("UPDATE selfheal.deaths SET at = at - interval '31 days'");
    assertEquals(Effect.REQUEUE, die());
    rig.pass(Duration.ofHours(1));
    rig.count();
    assertEquals("1", rig.value(DEATHS));
  }

  @Test
  void theListIsPagedFromTheNewest() {
    rig.table().migrate();
    rig.running(1, "now()", "here:1").running(1, "now()", "here:2").running(1, "now()", "here:3");
    rig.deploy("max_attempts: 0", "poison_after: 1").sweep();
    DeadLetters first = letters(rig, null, 2);
    assertEquals(2, first.deadLetters().size());
    DeadLetters second = letters(rig, Long.valueOf(requireNonNull(first.next())), 2);
    assertEquals(1, second.deadLetters().size());
    assertNull(second.next());
  }
}
