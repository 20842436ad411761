package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes in real control groups, where this host lets the test make some. */
@Timeout(120)
final class ThrottleWorkerTest {
  private static final Path CPU = Path.of("/sys/fs/cgroup/cpu");

  private final Path home;

  ThrottleWorkerTest(@TempDir Path home) {
    this.home = home;
  }

  private static void assumeGroups() {
    assumeTrue(
        Files.isWritable(CPU.resolve("cgroup.procs")),
        "needs root and a writable cpu hierarchy of cgroup v1 at " + CPU);
  }

  private static Act throttle(String with) throws Exception {
    return Trial.act(new ThrottleWorker(), with);
  }

  private static Task task(Workshop shop, ProcessIdentity process) {
    return shop.trial.task(
        Trial.incident(shop.trial.time.now()), "worker/hungry.1", Duration.ofMinutes(1), process);
  }

  private static String membership(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup")).stream()
        .filter(line -> line.contains(":cpu:") || line.contains(":cpu,"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aHungryWorkerWithItsChildrenIsHeldDownAndLetGoAgain() throws Exception {
    assumeGroups();
    String script = "while kill -0 $$; do :; done & while :; do :; done";
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 1, "bash", "-c", script))) {
      ProcessIdentity process = shop.settled("hungry.1", "bash");
      String before = membership(process.pid());
      Act act = throttle("{cores: 0.1, cpu_weight: 20}");
      assertTrue(act.lifted());
      Task task = task(shop, process);

      Performed rehearsed = act.rehearse(task);
      Path group = group(before);
      assertEquals(
          "hungry.1: would move it into the control group "
              + group
              + " with cpu.cfs_quota_us 10000, cpu.shares 204",
          rehearsed.detail());
      assertFalse(Files.exists(group));

      Performed done = act.perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals("10000", Files.readString(group.resolve("cpu.cfs_quota_us")).strip());
      assertEquals("204", Files.readString(group.resolve("cpu.shares")).strip());
      assertEquals(2, Files.readAllLines(group.resolve("cgroup.procs")).size());
      while (Files.readString(group.resolve("cpu.stat")).contains("nr_throttled 0\n")) {
        Thread.onSpinWait();
      }

      // Another incident does not throttle it again, and has nothing to lift.
      Task other =
          shop.trial.task(
              Trial.incident(shop.trial.time.now().plusSeconds(1)),
              "worker/hungry.1",
              Duration.ofMinutes(1),
              process);
      Performed second = throttle("{cores: 0.5}").perform(other);
      assertEquals(Outcome.ALREADY_DONE, second.outcome(), second.detail());
      assertEquals(null, second.undo());

      Performed undone = act.undo(task, Objects.requireNonNull(done.undo()));
      assertEquals(Outcome.DONE, undone.outcome(), undone.detail());
      assertEquals(before, membership(process.pid()));
      assertFalse(Files.exists(group));
      assertEquals(
          Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())).outcome(), "twice");
    }
  }

  private static Path group(String membership) {
    String path = membership.split(":", 3)[2];
    return Path.of(CPU + path).resolve("selfheal-hungry.1");
  }

  @Test
  void whatWasThereIsKnownAfterTheAgentWasKilled() throws Exception {
    assumeGroups();
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("hungry.1", "sleep");
      String before = membership(process.pid());
      Act act = throttle("{cores: 0.1}");
      Task task = task(shop, process);
      Performed done = act.perform(task);
      shop.stop();
      shop.start();
      assertEquals(process, shop.process("hungry.1").orElseThrow());
      // It does not know whether it had done it: it does it again, and still knows what was there.
      Performed finished = act.finish(task);
      assertEquals(Outcome.DONE, finished.outcome(), finished.detail());
      assertEquals(done.undo(), finished.undo());
      assertEquals(Outcome.DONE, act.undo(task, Objects.requireNonNull(finished.undo())).outcome());
      assertEquals(before, membership(process.pid()));
      assertEquals(List.of(), notes());
    }
  }

  private List<String> notes() throws Exception {
    try (var files = Files.list(home.resolve("workers"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("note"))
          .toList();
    }
  }

  @Test
  void aGroupOfItsOwnIsLimitedInItsPlaceAndGetsItsOwnLimitsBack() throws Exception {
    assumeGroups();
    Path group = CPU.resolve("mine-" + ProcessHandle.current().pid());
    Files.createDirectory(group);
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("hungry.1", "sleep");
      Files.writeString(group.resolve("cpu.cfs_quota_us"), "70000");
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
      Act act = throttle("{cores: 0.2}");
      Task task = task(shop, process);
      Performed done = act.perform(task);
      assertEquals(
          "hungry.1: did write 20000 into " + group.resolve("cpu.cfs_quota_us"), done.detail());
      assertEquals("20000", Files.readString(group.resolve("cpu.cfs_quota_us")).strip());
      assertEquals(Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())).outcome());
      assertEquals("70000", Files.readString(group.resolve("cpu.cfs_quota_us")).strip());
      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    } finally {
      while (Files.exists(group)) {
        try {
          Files.delete(group);
        } catch (java.io.IOException busy) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void aLimitThatTheKernelRefusesLeavesNothingBehind() throws Exception {
    assumeGroups();
    Path above = CPU.resolve("above-" + ProcessHandle.current().pid());
    Files.createDirectory(above);
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 2, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("hungry.1", "sleep");
      ProcessIdentity other = shop.settled("hungry.2", "sleep");
      // Both in one group, so a group of its own must be made; it may not have more than that one.
      Files.writeString(above.resolve("cpu.cfs_quota_us"), "50000");
      for (ProcessIdentity one : List.of(process, other)) {
        Files.writeString(above.resolve("cgroup.procs"), Long.toString(one.pid()));
      }
      String before = membership(process.pid());
      Performed failed = throttle("{cores: 2}").perform(task(shop, process));
      assertEquals(Outcome.FAILED, failed.outcome(), failed.detail());
      assertEquals(before, membership(process.pid()));
      assertFalse(Files.exists(above.resolve("selfheal-hungry.1")));
      assertEquals(List.of(), notes());
      for (ProcessIdentity one : List.of(process, other)) {
        ProcessHandle.of(one.pid()).ifPresent(ProcessHandle::destroyForcibly);
      }
    } finally {
      while (Files.exists(above)) {
        try {
          Files.delete(above);
        } catch (java.io.IOException busy) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void whereTheOldHierarchyHasNoDiskWeightThePriorityIsLowered() throws Exception {
    assumeGroups();
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("hungry.1", "sleep");
      String before = ioPriority(process.pid());
      Act act = throttle("{io_weight: 10}");
      Task task = task(shop, process);
      Performed refused = throttle("{io_weight: 10, weaker: false}").perform(task);
      assertEquals(Outcome.REFUSED, refused.outcome(), refused.detail());
      Performed done = act.perform(task);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertTrue(done.detail().contains("weaker than a limit"), done.detail());
      assertEquals("best-effort: prio 7", ioPriority(process.pid()));
      assertNotNull(done.undo());
      assertEquals(Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())).outcome());
      assertEquals(before, ioPriority(process.pid()));
    }
  }

  private static String ioPriority(long pid) throws Exception {
    Process ionice = new ProcessBuilder("ionice", "-p", Long.toString(pid)).start();
    return new String(
            ionice.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
        .strip();
  }

  @Test
  void whatIsGoneOrFollowedIsLetBe() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("hungry", 1, "sleep", "600"))) {
      ProcessIdentity process = shop.settled("hungry.1", "sleep");
      ProcessIdentity before =
          new ProcessIdentity(process.bootId(), process.pid(), process.startTicks() - 1);
      Performed followed = throttle("{cores: 0.1}").perform(task(shop, before));
      assertEquals(Outcome.ALREADY_DONE, followed.outcome(), followed.detail());
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "{}; no limit is said",
        "{cores: 0}; is not a number from 0.01",
        "{cpu_weight: 0}; is not a whole number from 1",
        "{io_weight: 10001}; is not a whole number from 1",
        "{cores: 1, quota: 2}; is not a known key",
      },
      delimiter = ';')
  void whatIsWrongIsSaid(String with, String words) {
    String wrong = Trial.wrong(new ThrottleWorker(), with);
    assertTrue(wrong.contains(words), wrong);
  }
}
