package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import io.selfheal.worker.WorkerConfig.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, real signals. */
@Timeout(120)
final class RestartWorkerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Path home;

  RestartWorkerTest(@TempDir Path home) {
    this.home = home;
  }

  private static Act restart(String with) throws Exception {
    return Trial.act(new RestartWorker(), with);
  }

  /** Opened when what runs is old enough to be told from what is started next. */
  private static Task task(Workshop shop, String subject, @Nullable ProcessIdentity seen) {
    long begin = shop.trial.time.mark();
    while (shop.trial.time.since(begin).compareTo(Duration.ofMillis(100)) < 0) {
      Thread.onSpinWait();
    }
    return shop.trial.task(Trial.incident(shop.trial.time.now()), subject, MINUTE, seen);
  }

  @Test
  void theProcessThatWasSeenIsReplacedOnce() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 2, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      ProcessIdentity second = shop.settled("images.2", "sleep");
      Task task = task(shop, "worker/images.1", first);

      Performed rehearsed = restart("{}").rehearse(task);
      assertEquals(Outcome.DONE, rehearsed.outcome());
      assertEquals(
          "images.1: would end " + first + " by TERM, and after 10.0 s KILL, and start it again",
          rehearsed.detail());
      assertEquals(first, shop.process("images.1").orElseThrow());

      Performed done = restart("{}").perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      ProcessIdentity fresh = shop.settled("images.1", "sleep");
      assertNotEquals(first, fresh);
      assertTrue(ProcessHandle.of(first.pid()).filter(ProcessHandle::isAlive).isEmpty());
      assertEquals(second, shop.process("images.2").orElseThrow());

      // As after a crash of the agent that had done it, or when it is asked for twice.
      Performed again = restart("{}").finish(task);
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
      assertEquals(fresh, shop.process("images.1").orElseThrow());
    }
  }

  @Test
  void withoutASeenProcessOneThatIsYoungerThanTheIncidentIsLetBe() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      Task task = task(shop, "worker/images.1", null);
      assertEquals(Outcome.DONE, restart("{}").perform(task).outcome());
      ProcessIdentity fresh = shop.settled("images.1", "sleep");
      assertNotEquals(first, fresh);
      Performed again = restart("{}").perform(task);
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
      assertEquals(fresh, shop.process("images.1").orElseThrow());
    }
  }

  @Test
  void anAgentThatDiedBetweenEndAndStartFinishesWithTheStart() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      shop.ask(
          WorkerRequests.END, new EndProcess("images.1", first, Duration.ZERO, MINUTE, "a test"));
      assertTrue(shop.process("images.1").isEmpty());
      Performed done = restart("{}").finish(task(shop, "worker/images.1", first));
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      shop.settled("images.1", "sleep");
    }
  }

  @Test
  void everyProcessOfAWorkerIsReplacedInTurn() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 3, "sleep", "600"))) {
      List<ProcessIdentity> before =
          List.of(
              shop.settled("images.1", "sleep"),
              shop.settled("images.2", "sleep"),
              shop.settled("images.3", "sleep"));
      Act act = restart("{worker: images, settle: 10ms}");
      Task task = task(shop, "source/images", null);
      assertEquals(3, act.rehearse(task).output().size());
      Performed done = act.perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals(3, done.output().size());
      for (int i = 0; i < 3; i++) {
        assertNotEquals(before.get(i), shop.process("images." + (i + 1)).orElseThrow());
      }
      assertEquals(Outcome.ALREADY_DONE, act.perform(task).outcome());
    }
  }

  @Test
  void whatEndsAtItsStartKeepsTheOthersFromBeingRestarted() throws Exception {
    Path poison = home.resolve("poison");
    String script = "[ -e " + poison + " ] && exit 3; exec sleep 600";
    try (Workshop shop = new Workshop(home, Workshop.run("images", 2, "sh", "-c", script))) {
      shop.settled("images.1", "sleep");
      ProcessIdentity second = shop.settled("images.2", "sleep");
      java.nio.file.Files.createFile(poison);
      Performed done =
          restart("{every: true, settle: 1s}").perform(task(shop, "worker/images.1", null));
      assertEquals(Outcome.FAILED, done.outcome(), done.toString());
      assertEquals(second, shop.process("images.2").orElseThrow());
    }
  }

  @Test
  void aFrozenProcessIsKilledAtOnce() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      Workshop.signal("STOP", first.pid());
      while (shop.instances("images").getFirst().liveness() != WorkerRequests.Liveness.FROZEN) {
        Thread.onSpinWait();
      }
      Task task = task(shop, "worker/images.1", first);
      assertTrue(
          restart("{grace: 10m}").rehearse(task).detail().contains("by KILL, for it is frozen"));
      Performed done = restart("{grace: 10m}").perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertNotEquals(first, shop.settled("images.1", "sleep"));
    }
  }

  @Test
  void whoIgnoresTermIsKilledAfterTheGrace() throws Exception {
    Path ready = home.resolve("ready");
    String script = "trap \"\" TERM; touch " + ready + "; while :; do sleep 600; done";
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sh", "-c", script))) {
      ProcessIdentity first = shop.process("images.1").orElseThrow();
      while (!java.nio.file.Files.exists(ready)) {
        Thread.onSpinWait();
      }
      Performed done = restart("{grace: 200ms}").perform(task(shop, "worker/images.1", first));
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertNotEquals(first, shop.process("images.1").orElseThrow());
    }
  }

  @Test
  void whoCannotBeStartedAgainIsNotEnded() throws Exception {
    Process sleep = new ProcessBuilder("sleep", "613.5").start();
    try (Workshop shop =
        new Workshop(
            home, Workshop.worker("found", new Way.Command(Pattern.compile("^sleep 613\\.5$"))))) {
      while (shop.instances("found").isEmpty()) {
        Thread.onSpinWait();
      }
      String subject = "worker/found@" + sleep.pid();
      Performed done = restart("{}").perform(task(shop, subject, null));
      assertEquals(Outcome.REFUSED, done.outcome(), done.detail());
      assertTrue(done.detail().contains("use stop_worker"), done.detail());
      assertTrue(sleep.isAlive());

      Act stop = Trial.act(new StopWorker(), "{}");
      Performed stopped = stop.perform(task(shop, subject, null));
      assertEquals(Outcome.DONE, stopped.outcome(), stopped.detail());
      assertEquals(143, sleep.waitFor());
      assertEquals(null, stopped.undo());
      assertEquals(Outcome.ALREADY_DONE, stop.perform(task(shop, subject, null)).outcome());
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void whatIsStoppedStaysAwayUntilItIsUndone() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 2, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      Act stop = Trial.act(new StopWorker(), "{}");
      Task task = task(shop, "worker/images.1", first);
      assertTrue(stop.rehearse(task).detail().contains("would end " + first));
      Performed done = stop.perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertTrue(shop.process("images.1").isEmpty());
      assertEquals("images images.1", done.undo());
      Performed undone = stop.undo(task, "images images.1");
      assertEquals(Outcome.DONE, undone.outcome(), undone.detail());
      ProcessIdentity fresh = shop.settled("images.1", "sleep");
      assertEquals(Outcome.ALREADY_DONE, stop.undo(task, "images images.1").outcome());
      // The one that was seen is gone: its follower is not stopped in its place.
      assertEquals(Outcome.ALREADY_DONE, stop.perform(task).outcome());
      assertEquals(fresh, shop.process("images.1").orElseThrow());
    }
  }

  @Test
  void aUnitWithoutSystemdIsAClearFailure() throws Exception {
    try (Workshop shop =
        new Workshop(home, Workshop.worker("unit", new Way.Unit("no-such-unit.service")))) {
      Performed done = restart("{worker: unit}").perform(task(shop, "host", null));
      assertTrue(
          done.outcome() == Outcome.FAILED || done.outcome() == Outcome.REFUSED, done.toString());
      assertTrue(done.detail().contains("no-such-unit.service"), done.detail());
    }
  }

  @Test
  void nothingIsChosenWhereNothingIsMeant() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      Performed host = restart("{}").perform(task(shop, "host", null));
      assertEquals(Outcome.REFUSED, host.outcome());
      assertTrue(host.detail().contains("say in the rule which worker"), host.detail());
      Performed unknown = restart("{worker: nobody}").perform(task(shop, "host", null));
      assertEquals("no worker is called nobody", unknown.detail());
    }
    try (Trial trial = new Trial()) {
      Performed away = restart("{}").perform(trial.task("worker/images.1", MINUTE));
      assertEquals(Outcome.DEFERRED, away.outcome(), away.detail());
    }
  }
}
