package io.selfheal.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Backlog;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.SweepEvent;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSweeperTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aTickFindsAndSaysAndASweepRescues() {
    rig.table().running(2, "now()", "here:1").running(1, "now()", "here:100").deploy().tick();
    JobEvent.Stuck stuck = rig.events(JobEvent.Stuck.class).getFirst();
    assertEquals(2, stuck.count());
    assertEquals("no process 1", stuck.examples().getFirst().verdict().evidence().getFirst());
    assertEquals("3", rig.value("SELECT count(*) FROM jobs WHERE state = 'running'"));

    Swept swept = rig.sweep();
    assertEquals(3, swept.looked());
    assertEquals(2, swept.rescued());
    assertTrue(swept.problems().isEmpty());
    assertEquals(
        List.of("ready/null/null/1", "ready/null/null/1", "running/t/here:100/1"),
        rig.column(
            "SELECT concat_ws('/', state, coalesce((started IS NOT NULL or null)::text::char(1),"
                + " 'null'), coalesce(holder, 'null'), attempts) FROM jobs ORDER BY id"));
    List<JobEvent.Rescued> rescued = rig.events(JobEvent.Rescued.class);
    assertEquals(List.of("1", "2"), rescued.stream().map(JobEvent.Rescued::jobId).toList());
    assertEquals(Effect.REQUEUE, rescued.getFirst().effect());
    assertEquals("incident-1", rescued.getFirst().incidentId());
    SweepEvent.Finished finished = rig.events(SweepEvent.Finished.class).getFirst();
    assertEquals(2, finished.rescued());
    assertEquals(2, rig.source().rescued());
    assertNotNull(rig.source().lastSweep());
  }

  @Test
  void theJudgeLearnsSinceWhenAClaimIsKnown() {
    rig.table().running(1, "now() - interval '5 hours'", "here:100").deploy().tick();
    rig.pass(Duration.ofSeconds(3));
    rig.running(1, "now()", "here:101").tick();
    rig.pass(Duration.ofSeconds(4));
    rig.questions.clear();
    rig.tick();
    List<Holder> asked = rig.questions.element().holders();
    assertEquals(Duration.ofSeconds(7), asked.getFirst().knownFor());
    assertNull(asked.getFirst().newerThan());
    assertEquals(Duration.ofSeconds(4), asked.getLast().knownFor());
    assertEquals(Duration.ofSeconds(7), asked.getLast().newerThan());
  }

  @Test
  void claimsAreKnownBeforeAnyWorkerCanBeStartedThatDidNotMakeThem() {
    rig.table().running(1, "now()", "here:100").deploy();
    rig.pass(Duration.ofSeconds(3));
    rig.tick();
    assertEquals(Duration.ofSeconds(3), rig.questions.element().holders().getFirst().knownFor());
  }

  @Test
  void whileTheAgentStopsNothingIsLookedAt() {
    rig.table().running(1, "now()", "here:1").deploy();
    rig.bus.publish(new AgentEvent.Stopping("agent", "a test"));
    rig.bus.publish(
        new WorkerEvent.Stopped(
            "images", "images.1", new ProcessIdentity("boot", 1, 1), "the agent stops"));
    rig.settle();
    rig.sweep();
    assertEquals(1, rig.questions.size());
  }

  @Test
  void aJobThatWasPutBackIsANewClaimWhoeverTakesIt() {
    rig.table().running(1, "'2026-01-01'", "here:1").deploy().tick();
    rig.pass(Duration.ofSeconds(3));
    rig.sweep();
    rig.sql("UPDATE jobs SET state = 'running', started = '2026-01-01', holder = 'here:1'");
    rig.questions.clear();
    rig.tick();
    assertEquals(Duration.ZERO, rig.questions.element().holders().getFirst().knownFor());
  }

  @Test
  void sameStuckJobsAreNewsOnceUntilASweepOrAWhileLater() {
    rig.table().running(1, "now()", "here:1").deploy().tick().tick();
    assertEquals(1, rig.events(JobEvent.Stuck.class).size());
    rig.pass(StuckNews.REPEAT);
    rig.tick();
    assertEquals(2, rig.events(JobEvent.Stuck.class).size());
    rig.running(1, "now()", "here:2").tick();
    assertEquals(3, rig.events(JobEvent.Stuck.class).size());
    rig.sweep();
    rig.tick();
    assertEquals(3, rig.events(JobEvent.Stuck.class).size());
  }

  @Test
  void slowButAliveIsLeftAndSaidOnce() {
    rig.table().running(1, "now() - interval '1 day'", "here:100").deploy().tick().tick();
    String before = rig.fingerprint();
    Swept swept = rig.sweep();
    assertEquals(0, swept.rescued());
    assertEquals(Effect.LEAVE, swept.jobs().getFirst().effect());
    assertEquals(before, rig.fingerprint());
    List<JobEvent.Left> lefts = rig.events(JobEvent.Left.class);
    assertEquals(1, lefts.size());
    assertTrue(lefts.getFirst().reason().startsWith("slow but alive: running for 1 d"));
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty());
  }

  @Test
  void unknownWaitsForStuckAfter() {
    rig.table()
        .running(1, "now() - interval '29 minutes'", "here:999")
        .running(1, "now() - interval '31 minutes'", "elsewhere")
        .deploy();
    Swept swept = rig.sweep();
    assertEquals(1, swept.rescued());
    assertEquals("2", swept.jobs().getFirst().jobId());
    assertEquals(Ruling.UNKNOWN, swept.jobs().getFirst().verdict().ruling());
  }

  @Test
  void unknownIsLeftWhenAgeAloneMayNotDecide() {
    rig.table().running(1, "now() - interval '1 day'", "x").deploy("act_on_unknown: false");
    assertEquals(0, rig.sweep().rescued());
  }

  @Test
  void exhaustedAttemptsFailOrBecomeDeadLetters() {
    rig.table().running(2, "now()", "here:1").sql("UPDATE jobs SET attempts = id + 1");
    rig.deploy("max_attempts: 3");
    rig.sweep();
    assertEquals(List.of("ready", "failed"), rig.column("SELECT state FROM jobs ORDER BY id"));
    assertEquals("here:1", rig.value("SELECT holder FROM jobs WHERE state = 'failed'"));
  }

  @Test
  void deadLettersHaveTheirOwnState() {
    rig.table().running(1, "now()", "here:1").sql("UPDATE jobs SET attempts = 3");
    rig.deployWith(
        "table: jobs",
        Rig.COLUMNS,
        "states: {ready: ready, running: running, failed: failed, dead_letter: \"it's dead\"}");
    assertEquals(Effect.DEAD_LETTER, rig.sweep().jobs().getFirst().effect());
    assertEquals("it's dead", rig.value("SELECT state FROM jobs"));
  }

  @Test
  void aDryRunSaysPreciselyWhatASweepDoesAndChangesNothing() {
    rig.table()
        .running(3, "now()", "here:1")
        .running(1, "now() - interval '1 day'", "here:100")
        .running(1, "now()", "here:2")
        .sql("UPDATE jobs SET attempts = 3 WHERE id = 2")
        .deploy("batch: 2");
    String before = rig.fingerprint();
    Swept would = rig.dryRun();
    assertEquals(before, rig.fingerprint());
    assertTrue(would.dryRun());
    assertTrue(rig.events(JobEvent.Rescued.class).isEmpty());
    assertTrue(rig.events(SweepEvent.Finished.class).isEmpty());
    Swept did = rig.sweep();
    assertEquals(would.rescued(), did.rescued());
    assertEquals(effects(would), effects(did));
    assertEquals(List.of("1 REQUEUE", "2 FAIL", "3 REQUEUE", "4 LEAVE", "5 REQUEUE"), effects(did));
  }

  private static List<String> effects(Swept swept) {
    return swept.jobs().stream().map(job -> job.jobId() + " " + job.effect()).toList();
  }

  @Test
  void listsStuckJobsWithoutTouchingThem() {
    rig.table().running(5, "now()", "here:1").deploy("batch: 2");
    String before = rig.fingerprint();
    assertEquals(
        List.of("1", "2", "3"), rig.stuck(3).jobs().stream().map(StuckJob::jobId).toList());
    assertEquals(5, rig.stuck(500).jobs().size());
    assertEquals(before, rig.fingerprint());
  }

  @Test
  void sweepsOnlySourcesOfTheWorker() {
    rig.table().running(1, "now()", "here:1").deploy("holder: {worker: images}");
    assertEquals(0, rig.sweep(new Sweep(null, "mails", false, null)).looked());
    assertEquals(1, rig.sweep(new Sweep(null, "images", false, null)).rescued());
    assertEquals("images", rig.questions.element().holders().getFirst().worker());
  }

  @Test
  void saysThatASourceIsNotThere() {
    rig.table().deploy();
    Swept swept = rig.sweep(new Sweep("mages", null, false, null));
    assertEquals(
        Map.of("mages", "no source is named \"mages\"; there is: images"), swept.problems());
    assertEquals(Map.of("mages", new Unswept(true, Hindrance.GONE)), swept.unswept());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "holder: {worker: images}"})
  void aSourceThatNeverFitIsToldFromOneThatIsAway(String holder) {
    boolean bound = !holder.isEmpty();
    rig.deploy(holder);
    assertEquals(new Unswept(bound, Hindrance.UNFIT), unswept(null));
    assertEquals(new Unswept(true, Hindrance.UNFIT), unswept("images"), "asked by its name");
    rig.table().tick();
    rig.sql("ALTER TABLE jobs RENAME TO others").tick();
    assertEquals(new Unswept(bound, Hindrance.AWAY), unswept(null), "as in a migration");
    assertTrue(String.valueOf(rig.source().problem()).contains("does not exist"));
  }

  @Test
  void whatIsAboveTheMostIsHeld() {
    rig.table().running(2, "now()", "here:1").deploy("max_per_minute: 1");
    assertEquals(new Unswept(false, Hindrance.HELD), unswept(null));
    rig.sql("DELETE FROM jobs");
    Swept swept = rig.sweep(new Sweep(null, "images", false, null));
    assertEquals(Map.of(), swept.unswept());
  }

  private Unswept unswept(String source) {
    Swept swept = rig.sweep(new Sweep(source, source == null ? "images" : null, false, null));
    assertEquals(swept.problems().keySet(), swept.unswept().keySet());
    return requireNonNull(swept.unswept().get("images"));
  }

  @Test
  void aLostWorkerHastensTheLook() throws InterruptedException {
    CountDownLatch said = new CountDownLatch(1);
    rig.bus.onEvent(
        event -> {
          if (event instanceof JobEvent.Stuck) {
            said.countDown();
          }
        });
    rig.table().running(1, "now()", "here:1").deploy("holder: {worker: images}");
    ProcessIdentity process = new ProcessIdentity("boot", 1, 1);
    rig.bus.publish(
        new WorkerEvent.Lost(
            "images", "images.1", process, Owner.AGENT, "gone", Instant.EPOCH, Duration.ZERO));
    assertTrue(said.await(60, TimeUnit.SECONDS));
  }

  @Test
  void aJudgeThatIsAwayMakesNobodyUnknown() {
    rig.table().running(1, "now() - interval '1 day'", "here:100").deploy();
    rig.judge =
        question -> {
          throw new IllegalStateException("the judge is away");
        };
    Swept swept = rig.sweep();
    assertEquals(0, swept.rescued());
    assertTrue(swept.problems().get("images").contains("the judge is away"));
    assertEquals("running", rig.value("SELECT state FROM jobs"));
    rig.tick();
    ComponentEvent.Changed health = rig.events(ComponentEvent.Changed.class).getLast();
    assertEquals("mark", health.component());
    assertNotNull(rig.source().problem());
  }

  @Test
  void thatNobodyJudgesWhileTheAgentStartsIsNoProblem() {
    rig.table().running(1, "now() - interval '1 day'", "here:1").deploy();
    rig.endJudge();
    rig.tick();
    assertNull(rig.source().problem());
    assertEquals(0, rig.events(SweepEvent.Finished.class).size());
    rig.bus.publish(new AgentEvent.Started("a", "1", 1));
    rig.settle().tick();
    assertTrue(String.valueOf(rig.source().problem()).contains("that part does not run"));
  }

  @Test
  void manyAreRescuedInBatchesAndToldWithinBounds() {
    rig.table().running(5000, "now()", "here:1").running(10, "now()", "here:100");
    rig.deploy("batch: 500");
    Swept swept = rig.sweep();
    assertEquals(5010, swept.looked());
    assertEquals(5000, swept.rescued());
    assertEquals(1000, swept.jobs().size());
    assertEquals(4000, swept.more());
    assertEquals(1000, rig.events(JobEvent.Rescued.class).size());
    assertEquals(5000, rig.events(SweepEvent.Finished.class).getFirst().rescued());
    assertEquals("5000", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
    everyOneIsRecorded(5000);
    assertEquals(0, rig.sweep().rescued());
  }

  /** The first ones each by itself, the others together, in events that are not too long. */
  private void everyOneIsRecorded(int jobs) {
    Set<String> ids = new HashSet<>();
    rig.events(JobEvent.Rescued.class).forEach(one -> ids.add(one.jobId()));
    List<JobEvent.Decided> together = rig.events(JobEvent.Decided.class);
    assertTrue(together.size() < 20, () -> together.size() + " events");
    for (JobEvent.Decided event : together) {
      assertEquals("job/images/*", event.subject());
      assertTrue(Json.text(event).length() < 48 * 1024);
      for (JobEvent.Decision decision : event.decisions()) {
        assertEquals(Effect.REQUEUE, decision.effect());
        assertEquals(Ruling.DEAD, decision.verdict().ruling());
        assertTrue(decision.jobIds().stream().allMatch(ids::add));
      }
    }
    assertEquals(jobs - 1000, together.stream().mapToLong(JobEvent.Decided::count).sum());
    assertEquals(jobs, ids.size());
  }

  @Test
  void theBacklogIsCountedApart() {
    rig.table().sql("ALTER TABLE jobs ADD queued timestamptz DEFAULT now()");
    rig.sql(
        "INSERT INTO jobs (state, queued) SELECT 'ready', now() - make_interval(mins => n)"
            + " FROM generate_series(1, 30) AS n");
    rig.deployWith("table: public.jobs", Rig.COLUMNS.replace("}", ", queued: queued}"), Rig.STATES);
    rig.count();
    Backlog backlog = requireNonNull(rig.source().backlog());
    assertEquals(30, backlog.ready());
    assertEquals(30, requireNonNull(backlog.oldestWait()).toMinutes());
    rig.sql("DELETE FROM jobs");
    rig.pass(Duration.ofSeconds(15));
    rig.count();
    assertEquals("0 since ever", rig.ready());
    rig.sql("ALTER TABLE jobs RENAME TO others");
    rig.count();
    assertNull(rig.source().backlog());
  }

  @Test
  void countsAndAdvises() {
    rig.table().running(2, "now() - interval '1 hour'", "here:100");
    rig.sql("INSERT INTO jobs (state) VALUES ('ready')").deploy();
    rig.count();
    assertEquals(Map.of("running", 2L, "ready", 1L), rig.source().counts());
    assertEquals("1 since ever", rig.ready());
    assertTrue(requireNonNull(rig.source().oldestRunning()).toMinutes() >= 60);
    assertEquals(
        "CREATE INDEX CONCURRENTLY ON \"public\".\"jobs\" (\"id\") WHERE \"state\" = 'running'",
        rig.source().advice());
    rig.sql(requireNonNull(rig.source().advice()));
    rig.count();
    assertNull(rig.source().advice());
  }

  @Test
  void advisesAPartitionedTablePartByPart() {
    rig.sql(
            """
            CREATE TABLE jobs (
              id bigint PRIMARY KEY, state text NOT NULL, started timestamptz,
              heartbeat timestamptz, attempts int, holder text)
            PARTITION BY RANGE (id)""")
        .sql("CREATE TABLE \"Few\" PARTITION OF jobs FOR VALUES FROM (0) TO (9)")
        .sql("CREATE TABLE more PARTITION OF jobs FOR VALUES FROM (9) TO (99)")
        .deploy()
        .count();
    String advice = requireNonNull(rig.source().advice());
    assertEquals(5, advice.lines().count(), advice);
    rig.sql("CREATE TABLE deep PARTITION OF jobs DEFAULT PARTITION BY HASH (id)").count();
    String locking = requireNonNull(rig.source().advice());
    assertTrue(locking.contains("jobs can be neither sent nor taken"), locking);
    rig.sql("DROP TABLE deep").lines(advice).count();
    assertNull(rig.source().advice());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(state, started)", "(id) WHERE state < 'running'", "(id) WHERE state <> 'ready'"})
  void anIndexThatHoldsOtherRowsOrAnotherOrderIsNotEnough(String index) {
    rig.table().sql("CREATE INDEX ON jobs " + index).deploy().count();
    assertEquals(
        "CREATE INDEX CONCURRENTLY ON \"public\".\"jobs\" (\"id\") WHERE \"state\" = 'running'",
        rig.source().advice());
  }

  @Test
  void saysHowItIs() {
    rig.deploy().tick();
    ComponentEvent.Changed broken = health();
    assertEquals(Status.ERROR, broken.status());
    assertTrue(broken.detail().contains("does not exist"), broken.detail());
    rig.table().tick();
    assertEquals(Status.HEALTHY, health().status());
    assertNull(rig.source().problem());
  }

  private ComponentEvent.Changed health() {
    return rig.events(ComponentEvent.Changed.class).stream()
        .filter(changed -> changed.component().equals("jobs"))
        .toList()
        .getLast();
  }
}
