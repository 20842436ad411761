package io.selfheal.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.HostEvent;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When rescues wait although jobs look stuck. */
class HoldTest {
  private static final String OLD = "now() - interval '31 minutes'";

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private Rig stale(int holders) {
    for (int i = 0; i < holders; i++) {
      rig.running(1, OLD, "here:" + (201 + i));
    }
    return rig;
  }

  private long running() {
    return Long.parseLong(rig.value("SELECT count(*) FROM jobs WHERE state = 'running'"));
  }

  private static final String BY_AGE = " (only rescues by age wait; proven ones go on)";

  private String held() {
    return String.valueOf(rig.source().held());
  }

  @Test
  void manyStaleHoldersAtOnceAreDoubtedAndTheProvenGoOn() {
    rig.table();
    stale(6).running(2, "now()", "here:100").deploy("batch: 3").tick();
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty(), "nobody is asked in vain");
    assertEquals(
        "6 of 7 holders look stale at once, which is rarely so many deaths" + BY_AGE, held());
    assertTrue(rig.events(JobEvent.Left.class).getFirst().reason().contains("; held back: 6 of 7"));
    assertNull(rig.source().problem());
    StuckJob shown = rig.stuck(10).jobs().getFirst();
    assertEquals(Effect.LEAVE, shown.effect());
    assertTrue(shown.reason().endsWith("rarely so many deaths"), shown.reason());

    rig.running(1, "now()", "here:1");
    Swept swept = rig.sweep();
    assertEquals(1, swept.rescued());
    assertEquals("9", swept.jobs().getFirst().jobId());
    assertEquals(7, swept.jobs().size());
    assertTrue(problem(swept).startsWith("6 held back: 6 of 8 holders"), problem(swept));
    assertEquals(8, running());
  }

  @Test
  void aSweepForOneWorkerIsDoneWhenOnlyGuessesAreHeld() {
    rig.table();
    stale(5).running(1, "now()", "here:1").deploy("holder: {worker: images}");
    Swept swept = rig.sweep(new Sweep(null, "images", false, null));
    assertEquals(1, swept.rescued());
    assertTrue(swept.problems().isEmpty());
    assertEquals(5, running());
  }

  @Test
  void aFewStaleHoldersAmongManyAreNoStorm() {
    rig.table();
    for (int i = 0; i < 6; i++) {
      rig.running(1, "now()", "here:" + (100 + i));
    }
    stale(5).deploy("batch: 4").tick();
    assertEquals(2, rig.events(JobEvent.Stuck.class).getFirst().count(), "of the first batch");
    assertNull(rig.source().held());
    assertEquals(5, rig.sweep().rescued());
  }

  @Test
  void aStormThatLastsAsLongAgainIsBelieved() {
    rig.table();
    stale(5).deploy().tick();
    assertEquals(5, rig.dryRun().jobs().stream().filter(HoldTest::left).count());
    rig.pass(Duration.ofMinutes(30));
    rig.tick();
    assertEquals(5, rig.events(JobEvent.Stuck.class).getFirst().count());
    assertEquals(5, rig.sweep().rescued());
  }

  private static boolean left(StuckJob job) {
    return job.effect() == Effect.LEAVE;
  }

  @Test
  void aSlowLookHoldsGuessesForItsRest() throws Exception {
    rig.table().running(1, OLD, "elsewhere").running(1, "now()", "here:1").deploy();
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<Void> look = CompletableFuture.runAsync(rig::tick);
      awaitWaiter();
      rig.pass(Duration.ofSeconds(3));
      other.commit();
      look.join();
    }
    assertTrue(held().startsWith("the database is slow: one look took 3 s"), held());
    assertEquals(1, rig.events(JobEvent.Stuck.class).getFirst().count());
    Swept swept = rig.sweep();
    assertEquals(List.of("2"), rescued(swept));
    assertTrue(problem(swept).startsWith("1 held back: the database is slow"), problem(swept));
    rig.pass(Duration.ofSeconds(30));
    assertEquals(List.of("1"), rescued(rig.sweep()));
  }

  private void awaitWaiter() {
    String waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'jobs'::regclass";
    while (rig.value(waiting).equals("0")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void afterASuspensionALookInTimeComesFirst() {
    rig.table().deploy().tick();
    rig.running(1, "now()", "here:1").running(1, OLD, "elsewhere");
    rig.pass(Duration.ofHours(3));
    Swept early = rig.sweep();
    assertEquals(0, early.rescued());
    assertTrue(
        problem(early)
            .startsWith("2 held back: the agent was suspended or starved: a look came 2 h late"),
        problem(early));
    rig.tick();
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty());
    assertEquals(2, running());

    rig.tick();
    assertEquals(1, rig.events(JobEvent.Stuck.class).getFirst().count());
    assertEquals(List.of("1"), rescued(rig.sweep()));
    rig.pass(Duration.ofSeconds(30));
    assertEquals(List.of("2"), rescued(rig.sweep()));
  }

  @Test
  void aBreakerThatOpenedHoldsGuessesForAMinute() {
    rig.table().running(1, OLD, "elsewhere").deploy();
    rig.bus.publish(new BreakerEvent.Opened("others", "refused"));
    rig.bus.publish(new BreakerEvent.Opened("images", "refused"));
    rig.settle().tick();
    assertEquals("the database was away: refused; it must be quiet for 1 min" + BY_AGE, held());
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(1, rig.sweep().rescued());
  }

  @Test
  void aHostThatStallsHoldsGuesses() {
    rig.table().running(1, OLD, "elsewhere").deploy();
    rig.bus.publish(
        new HostEvent.Sampled(SignsTest.sample(List.of(SignsTest.pressure("memory", 0.9)))));
    rig.settle().tick();
    assertTrue(held().startsWith("this host stalls: tasks waited for memory"), held());
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty());
    rig.bus.publish(new HostEvent.Sampled(SignsTest.sample(List.of())));
    rig.settle().pass(Duration.ofSeconds(30));
    assertEquals(1, rig.sweep().rescued());
  }

  @Test
  void theCapHoldsOverAllSweepsOfAMinuteAndThenItGoesOn() {
    rig.table().running(25, "now()", "here:1").deploy("batch: 10", "max_per_minute: 15");
    assertEquals(15, rig.dryRun().rescued());
    Swept swept = rig.sweep();
    assertEquals(15, swept.rescued());
    assertEquals(
        "stopped after 15 rescues within a minute (max_per_minute); the rest follows when the"
            + " minute is over",
        problem(swept));
    rig.tick();
    assertTrue(rig.events(JobEvent.Stuck.class).isEmpty());
    assertTrue(held().startsWith("stopped after 15"), held());
    assertEquals(0, rig.sweep().rescued());
    assertEquals(0, rig.dryRun().rescued());

    rig.pass(Duration.ofMinutes(1));
    rig.tick();
    assertEquals(10, rig.events(JobEvent.Stuck.class).getFirst().count());
    assertEquals(10, rig.sweep().rescued());
    assertNull(rig.source().held());
  }

  private static List<String> rescued(Swept swept) {
    return swept.jobs().stream().filter(job -> !left(job)).map(StuckJob::jobId).toList();
  }

  private static String problem(Swept swept) {
    return requireNonNull(swept.problems().get("images"));
  }
}
