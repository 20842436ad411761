package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.End;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashLoopTest {
  private static final String ONE = "worker/images.1";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final HostEvent.Sampled SECOND =
      new HostEvent.Sampled(
          new HostSample("here", null, null, null, null, null, null, null, null, Map.of()));

  private static RuleRun run(String... lines) {
    return new RuleRun(new CrashLoop(), lines);
  }

  private static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, pid);
  }

  private static WorkerEvent.Lost lost(String instance, End end, Duration uptime) {
    return new WorkerEvent.Lost(
        "images",
        instance,
        process(1),
        Owner.AGENT,
        "ended by signal 11 (SEGV)",
        Instant.EPOCH,
        uptime,
        end);
  }

  private static WorkerEvent.Started started(String instance) {
    return new WorkerEvent.Started("images", instance, process(1));
  }

  /** It dies a minute after each start. */
  private static void die(RuleRun run, int times, End end, Duration uptime) {
    for (int i = 0; i < times; i++) {
      run.take(started("images.1")).pass(MINUTE).take(lost("images.1", end, uptime));
    }
  }

  @Test
  void threeCrashesWithinTenMinutesAreALoop() {
    try (RuleRun run = run()) {
      die(run, 2, End.CRASHED, MINUTE);
      assertEquals(BETWEEN, run.presence(ONE));
      die(run, 1, End.CRASHED, MINUTE);
      assertEquals(PRESENT, run.presence(ONE));
      assertEquals(
          "lost 3 times within 10 min, at last it ended by signal 11 (SEGV)",
          run.standing(ONE).evidence());
      run.take(started("images.1")).pass(MINUTE.multipliedBy(4)).take(SECOND);
      assertEquals(PRESENT, run.presence(ONE));
      run.pass(MINUTE).take(SECOND);
      assertEquals(ABSENT, run.presence(ONE));
      assertEquals("it runs for 5 min", run.standing(ONE).evidence());
      run.take(lost("images.1", End.CRASHED, MINUTE));
      assertEquals(PRESENT, run.presence(ONE));
    }
  }

  @Test
  void crashesThatAreFarApartAreNone() {
    try (RuleRun run = run()) {
      for (int i = 0; i < 20; i++) {
        run.take(started("images.1")).pass(MINUTE.multipliedBy(6));
        run.take(lost("images.1", End.CRASHED, MINUTE.multipliedBy(6)));
        assertEquals(BETWEEN, run.presence(ONE));
      }
      assertFalse(run.seen(ONE));
    }
  }

  @Test
  void restartsByAPersonOrADeployAreNone() {
    try (RuleRun run = run()) {
      die(run, 10, End.ORDERLY, MINUTE);
      for (int i = 0; i < 10; i++) {
        run.take(started("images.1"));
        run.take(new WorkerEvent.Stopped("images", "images.1", process(1), "a new version"));
      }
      // A deploy of which the status was not seen, after days.
      die(run, 1, End.UNKNOWN, Duration.ofDays(3));
      die(run, 2, End.UNKNOWN, MINUTE);
      assertEquals(BETWEEN, run.presence(ONE));
      die(run, 1, End.UNKNOWN, MINUTE);
      assertEquals(PRESENT, run.presence(ONE));
    }
  }

  @Test
  void slotsAreCountedApartAndFoundProcessesTogether() {
    try (RuleRun run = run()) {
      for (int slot = 1; slot <= 3; slot++) {
        run.take(lost("images." + slot, End.CRASHED, MINUTE));
      }
      assertEquals(BETWEEN, run.presence(ONE));
      for (int pid = 1; pid <= 3; pid++) {
        run.take(lost("images@" + pid, End.CRASHED, MINUTE));
      }
      assertTrue(run.seen("worker/images"));
    }
  }

  @Test
  void onlyTheWantedWorkersAreCounted() {
    try (RuleRun run = run("where: {worker: [mails]}")) {
      die(run, 5, End.CRASHED, MINUTE);
      assertEquals("nothing was read yet", run.standing(ONE).evidence());
    }
  }

  @Test
  void moreLossesInAShorterTime() {
    try (RuleRun run = run("enter: {lost: 5, within: 4m}", "leave: {up: 10s}")) {
      die(run, 10, End.CRASHED, MINUTE);
      // Five losses, each a minute after the other, are four minutes from first to last.
      assertTrue(run.seen(ONE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"enter: {lost: 1}", "enter: {within: 1s}", "leave: {up: 0s}", "where: {unit: x}"})
  void whatIsWrongIsSaid(String line) {
    assertThrows(IllegalArgumentException.class, () -> RuleRun.rule(new CrashLoop(), line), line);
  }
}
