package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.file.Broad;
import io.selfheal.file.FrozenDisk;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import io.selfheal.worker.WorkerConfig.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes and disks as they are on the worst days: nothing here is played. */
@Timeout(120)
class HardStatesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path home;

  /** As {@code /proc/PID/stat} has it; {@code -} when there is none. */
  private static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return '-';
    }
  }

  private static void await(long pid, char state) {
    while (state(pid) != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoWaitsForADiskIsNamedAndReplacedWhenThatAnswers() throws Exception {
    try (FrozenDisk disk = FrozenDisk.mount(home)) {
      disk.freeze();
      String script = "echo work > %s/file; exec sleep 600".formatted(disk.path);
      try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sh", "-c", script))) {
        ProcessIdentity first = shop.process("images.1").orElseThrow();
        await(first.pid(), 'D');
        Act restart = Trial.act(new RestartWorker(), "{grace: 100ms}");
        Task task = shop.trial.task(Trial.INCIDENT, "worker/images.1", MINUTE, first);
        Task hasty =
            shop.trial.task(Trial.INCIDENT, "worker/images.1", Duration.ofSeconds(4), first);
        Performed done = restart.perform(hasty);
        assertEquals(Outcome.FAILED, done.outcome(), done.detail());
        assertTrue(done.detail().contains("still exists, in state D"), done.detail());
        assertTrue(done.detail().contains("no signal ends it"), done.detail());
        assertEquals(first, shop.process("images.1").orElseThrow(), "nothing is started beside it");

        disk.thaw();
        await(first.pid(), '-');
        while (shop.process("images.1").isPresent()) {
          Thread.onSpinWait();
        }
        Performed again = restart.perform(task);
        assertEquals(Outcome.DONE, again.outcome(), again.detail());
        assertNotEquals(first, shop.process("images.1").orElseThrow());
      }
    }
  }

  /** The near miss: the parent of a vfork is in state D too, and heeds KILL. */
  @Test
  void whoWaitsInTheKernelAndCanBeKilledIsReplaced() throws Exception {
    String vfork = "syscall($ARGV[0], 0x4011, 0, 0, 0, 0); sleep 600";
    String clone = System.getProperty("os.arch").equals("aarch64") ? "220" : "56";
    try (Workshop shop =
        new Workshop(home, Workshop.run("images", 1, "perl", "-e", vfork, clone))) {
      ProcessIdentity first = shop.settled("images.1", "perl");
      await(first.pid(), 'D');
      List<ProcessHandle> children =
          ProcessHandle.of(first.pid()).orElseThrow().children().toList();
      try {
        Performed done =
            Trial.act(new RestartWorker(), "{grace: 100ms}")
                .perform(shop.trial.task(Trial.INCIDENT, "worker/images.1", MINUTE, first));
        assertEquals(Outcome.DONE, done.outcome(), done.detail());
        ProcessIdentity second = shop.settled("images.1", "perl");
        assertNotEquals(first, second);
        await(second.pid(), 'D');
        children = new ArrayList<>(children);
        children.addAll(ProcessHandle.of(second.pid()).orElseThrow().children().toList());
      } finally {
        children.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** Its parent never asks how it ended: it stays in the table, and is gone all the same. */
  @Test
  void whoIsNotReapedIsGone() throws Exception {
    Process parent = new ProcessBuilder("sh", "-c", "sleep 619.5 & exec sleep 600").start();
    try (Workshop shop =
        new Workshop(
            home, Workshop.worker("found", new Way.Command(Pattern.compile("^sleep 619\\.5$"))))) {
      while (shop.instances("found").isEmpty()) {
        Thread.onSpinWait();
      }
      ProcessIdentity process = shop.instances("found").getFirst().process();
      long pid = process == null ? 0 : process.pid();
      Act stop = Trial.act(new StopWorker(), "{}");
      Task task = shop.trial.task(Trial.INCIDENT, "worker/found@" + pid, MINUTE, process);
      Performed done = stop.perform(task);
      assertEquals('Z', state(pid));
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      Performed again = stop.perform(task);
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
    } finally {
      parent.destroyForcibly();
    }
  }

  /** More of them than there are processors: virtual threads would all be used up. */
  @Test
  void actsThatWaitForADiskKeepNoOtherFromActing() throws Exception {
    int more = Runtime.getRuntime().availableProcessors() + 2;
    try (FrozenDisk disk = FrozenDisk.mount(home);
        Trial trial = new Trial()) {
      Path cache = Files.createDirectory(disk.path.resolve("cache"));
      for (int i = 0; i < more; i++) {
        Files.createDirectory(cache.resolve("" + i));
        Files.writeString(cache.resolve("" + i).resolve("old.bin"), "old");
      }
      disk.freeze();
      Hands hands = new Hands();
      List<CompletableFuture<Performed>> stuck = new ArrayList<>();
      for (int i = 0; i < more; i++) {
        Act act =
            Tasks.act(
                new ClearCache(new Broad(List.of(Path.of("/srv/selfheal")))),
                "{roots: [%s/%d], globs: [\"*.bin\"], min_age: 0s, keep: 0B, by: modified}"
                    .formatted(cache, i));
        stuck.add(begin(trial, hands, () -> act.perform(Tasks.task()), Duration.ofSeconds(3)));
      }
      Act other = Trial.act(new RunCommand(), "{command: [\"true\"]}");
      Performed done =
          begin(trial, hands, () -> other.perform(trial.task("host", MINUTE)), MINUTE).get();
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      for (CompletableFuture<Performed> one : stuck) {
        assertEquals(Outcome.FAILED, one.get().outcome(), one.get().detail());
        assertTrue(one.get().detail().contains("did not end within 3 s"), one.get().detail());
      }
      disk.thaw();
      hands.close();
    }
  }

  private static CompletableFuture<Performed> begin(
      Trial trial, Hands hands, Callable<Performed> act, Duration deadline) {
    CompletableFuture<Performed> answer = new CompletableFuture<>();
    trial.vertx.runOnContext(
        now -> hands.begin(act, deadline).answer().onSuccess(answer::complete));
    return answer;
  }
}
