package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Heartbeat;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, whose heartbeats the test sends. */
@Timeout(120)
final class DrainWorkerTest {
  private final Path home;

  DrainWorkerTest(@TempDir Path home) {
    this.home = home;
  }

  private static Act drain(String with) throws Exception {
    return Trial.act(new DrainWorker(), with);
  }

  private static Task task(Workshop shop, ProcessIdentity process, Duration deadline) {
    return shop.trial.task(
        Trial.incident(shop.trial.time.now()), "worker/images.1", deadline, process);
  }

  /** Whether the answer asks it to take no more jobs. */
  private static boolean beat(Workshop shop, ProcessIdentity process, String... jobs) {
    Heartbeat beat = new Heartbeat("images", OptionalLong.of(process.pid()), List.of(jobs), null);
    return shop.ask(WorkerRequests.HEARTBEAT, beat).drain();
  }

  private static FutureTask<Performed> begin(Act act, Task task) {
    FutureTask<Performed> performing = new FutureTask<>(() -> act.perform(task));
    Thread.ofVirtual().start(performing);
    return performing;
  }

  @Test
  void aWorkerIsAskedUntilItHoldsNoJobs() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("images.1", "sleep");
      Act act = drain("{}");
      assertTrue(act.lifted());
      Task task = task(shop, process, Duration.ofMinutes(1));
      Performed mute = act.perform(task);
      assertEquals(Outcome.REFUSED, mute.outcome(), mute.detail());
      assertFalse(beat(shop, process, "1", "2"));
      assertTrue(act.rehearse(task).detail().contains("it holds 2 jobs, such as 1"));
      assertFalse(beat(shop, process, "1"), "a rehearsal asks nobody");

      FutureTask<Performed> performing = begin(act, task);
      while (!beat(shop, process)) {
        Thread.onSpinWait();
      }
      // It held none before it heard the wish, and may have taken one since: it tells so next.
      assertTrue(beat(shop, process, "3"));
      assertFalse(performing.isDone());
      assertTrue(shop.instances("images").getFirst().draining());
      assertTrue(beat(shop, process));
      Performed done = performing.get();
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals("images.1: " + process + " holds no jobs", done.detail());
      assertTrue(beat(shop, process), "until the incident is over");

      // Another run of the agent goes on asking.
      shop.stop();
      shop.start();
      assertTrue(beat(shop, process));
      String left = Objects.requireNonNull(done.undo());
      assertEquals(Outcome.DONE, act.undo(task, left).outcome());
      assertFalse(beat(shop, process));
      assertFalse(shop.instances("images").getFirst().draining());
      assertFalse(Files.exists(home.resolve("workers").resolve("drain.note")));
      assertEquals(Outcome.DONE, act.undo(task, left).outcome(), "twice");
    }
  }

  @Test
  void oneThatDoesNotGetDoneIsAFailureInTimeAndCanBeLifted() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("images.1", "sleep");
      beat(shop, process, "7");
      Task task = task(shop, process, Duration.ofSeconds(1));
      Performed late = drain("{}").perform(task);
      assertEquals(Outcome.FAILED, late.outcome());
      assertTrue(late.detail().startsWith("not within 0.9 s: images.1: "), late.detail());
      assertTrue(beat(shop, process, "7"));
      assertEquals(
          Outcome.DONE, drain("{}").undo(task, Objects.requireNonNull(late.undo())).outcome());
      assertFalse(beat(shop, process, "7"));
    }
  }

  @Test
  void oneThatEndsIsDone() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("images.1", "sleep");
      beat(shop, process, "7");
      FutureTask<Performed> performing =
          begin(drain("{}"), task(shop, process, Duration.ofMinutes(1)));
      while (!beat(shop, process, "7")) {
        Thread.onSpinWait();
      }
      Workshop.signal("TERM", process.pid());
      Performed done = performing.get();
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals(
          process.bootId() + " " + process.pid() + " " + process.startTicks(), done.undo());
    }
  }

  /** Two incidents wish it; one of them is over. */
  @Test
  void itIsAskedWhileAnyIncidentWishesIt() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("images.1", "sleep");
      beat(shop, process, "7");
      Task one = task(shop, process, Duration.ofSeconds(1));
      Task two =
          shop.trial.task(
              Trial.incident(shop.trial.time.now().plusSeconds(60)),
              "worker/images.1",
              Duration.ofSeconds(1),
              process);
      Act act = drain("{}");
      String left = Objects.requireNonNull(act.perform(one).undo());
      act.perform(two);
      act.undo(one, left);
      assertTrue(beat(shop, process, "7"));
      act.undo(two, left);
      assertFalse(beat(shop, process, "7"));
    }
  }
}
