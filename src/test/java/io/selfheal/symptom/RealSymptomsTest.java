package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.StartInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The symptoms, caused for real: disks, processes, control groups, processors. */
@Timeout(400)
class RealSymptomsTest {
  private static final String NO_GROUP =
      "this host does not let the test make such a control group: it needs root, a writable"
          + " hierarchy below /sys/fs/cgroup, and pressure information";

  /** What a shell has started does not end with it by itself. */
  private static final String END_WITH_ALL = "trap 'kill $(jobs -p); exit' TERM; wait";

  @TempDir private Path home;

  @Test
  void aDiskThatIsFullIsLowAndOneThatIsHalfFullIsNot() throws Exception {
    Path at = home.resolve("disk");
    String rules =
        """
        rules:
          - {name: disk, symptom: low_disk, where: {mount: %s}, for: 1s, clear_for: 1s}
        """
            .formatted(at);
    try (SmallDisk disk = SmallDisk.mount(at, "size=8m,nr_inodes=100");
        RealHost host = new RealHost(home, rules)) {
      String subject = "mount" + at;
      disk.write("half", 4 << 20);
      Standing half = host.until("disk", subject, now -> used(now) > 0.4);
      assertEquals(Presence.ABSENT, half.presence(), half.evidence());
      Path more = disk.write("more", 4_190_000);
      SymptomEvent.Seen seen = host.seen("disk");
      assertEquals(subject, seen.subject());
      // It may have been read while it was being filled.
      assertTrue(seen.summary().matches(".* is (9\\d|100) % full, .*"), seen.summary());
      Standing full = host.until("disk", subject, now -> used(now) > 0.999);
      assertTrue(full.evidence().contains(at + " is 100 % full, "), full.evidence());
      Files.delete(more);
      assertTrue(host.cleared("disk").evidence().contains(" is 50 % full, "));
      for (int i = 0; i < 97; i++) {
        Files.createFile(disk.path.resolve("file" + i));
      }
      SymptomEvent.Seen inodes = host.seen("disk");
      assertTrue(inodes.summary().contains("; of its inodes 9"), inodes.summary());
    }
  }

  private static double used(Standing standing) {
    return standing.values().getOrDefault("used_share", 0.0);
  }

  /** One opens ten files a second and never closes one; the other opens 200 at once, and works. */
  @Test
  void aProcessThatLeaksFilesIsFoundAndOneThatWarmsUpIsNot() throws Exception {
    String rules =
        """
        rules:
          - {name: leak, symptom: resource_leak, where: {window: 30s}, for: 1s}
        """;
    String leak = "ulimit -n 1024; while :; do exec {f}</dev/null; sleep 0.1; done";
    String warm = "for i in {1..200}; do exec {f}</dev/null; done; while :; do sleep 0.1; done";
    try (RealHost host =
        new RealHost(
            home,
            rules,
            RealHost.worker("leaky", "bash", "-c", leak),
            RealHost.worker("sound", "bash", "-c", warm))) {
      SymptomEvent.Seen seen = host.seen("leak");
      assertEquals("worker/leaky.1", seen.subject());
      assertTrue(seen.summary().contains(" open files more within the window"), seen.summary());
      assertTrue(seen.values().get("seconds_until_no_files") > 0, seen.values().toString());
      restart(host, "leaky");
      Standing after =
          host.until("leak", "worker/leaky.1", now -> now.presence() == Presence.ABSENT);
      assertTrue(after.evidence().contains("took the place of another"), after.evidence());
      Standing sound =
          host.until("leak", "worker/sound.1", now -> now.presence() != Presence.UNKNOWN);
      assertEquals(Presence.ABSENT, sound.presence(), sound.evidence());
      assertFalse(host.symptoms().stream().anyMatch(e -> e.subject().contains("sound")));
    }
  }

  private static void restart(RealHost host, String worker) throws Exception {
    ProcessIdentity process =
        host.ask(WorkerRequests.LIST, new ListWorkers()).workers().stream()
            .filter(one -> one.id().equals(worker))
            .flatMap(one -> one.processes().stream())
            .map(WorkerRequests.Instance::process)
            .findFirst()
            .orElseThrow();
    Duration limit = Duration.ofSeconds(20);
    String instance = worker + ".1";
    assertEquals(
        Outcome.DONE,
        host.ask(
                WorkerRequests.END,
                new EndProcess(instance, process, Duration.ZERO, limit, "a test"))
            .outcome());
    assertEquals(
        Outcome.DONE,
        host.ask(WorkerRequests.START, new StartInstance(worker, instance, process, "a test"))
            .outcome());
  }

  /** Both read a file again and again: for one it does not fit into its group's memory. */
  @Test
  void aGroupThatLacksMemoryIsUnderPressureAndOneThatHasEnoughIsNot() throws Exception {
    Optional<SmallGroup> small = SmallGroup.make("small", Optional.of(16L << 20));
    Optional<SmallGroup> large = SmallGroup.make("large", Optional.empty());
    assumeTrue(small.isPresent() && large.isPresent(), NO_GROUP);
    String rules =
        """
        rules:
          - name: memory
            symptom: memory_pressure
            where: {worker: [small, large, free]}
            enter: {some: 3%, full: 3%}
          - {name: host, symptom: memory_pressure, enter: {some: 3%}}
          - {name: second, symptom: memory_pressure, enter: {some: 3%, stalled: 10ms of 1s}}
        """;
    try (SmallGroup little = small.orElseThrow();
        SmallGroup much = large.orElseThrow();
        RealHost host =
            new RealHost(
                home,
                rules,
                RealHost.worker("small", "bash", "-c", little.enter() + reader("small")),
                RealHost.worker("large", "bash", "-c", much.enter() + reader("large")),
                RealHost.worker("free", "sleep", "600"))) {
      SymptomEvent.Seen seen = host.seen("memory");
      assertEquals("worker/small.1", seen.subject());
      assertTrue(seen.summary().contains("selfheal-small-"), seen.summary());
      host.until("memory", "worker/small.1", RealSymptomsTest::told);
      host.until("host", "host", RealSymptomsTest::told);
      host.until("second", "host", now -> told(now) || refused(now));
      Standing fits = host.standing("memory", "worker/large.1");
      assertEquals(Presence.ABSENT, fits.presence(), fits.evidence());
      Standing free = host.standing("memory", "worker/free.1");
      assertEquals(Presence.UNKNOWN, free.presence(), free.evidence());
      assertTrue(free.evidence().contains("no control group of its own"), free.evidence());
    }
  }

  private static boolean told(Standing standing) {
    return standing.presence() == Presence.PRESENT
        && standing.evidence().startsWith("the kernel told at ");
  }

  /** A window of a second takes a capability; without it the means alone find it. */
  private static boolean refused(Standing standing) {
    return standing.presence() == Presence.PRESENT
        && standing
            .evidence()
            .contains(
                "the kernel does not tell of it: /proc/pressure/memory refuses a window of 1000"
                    + " ms: without CAP_SYS_RESOURCE");
  }

  /** The pages belong to the group that first touches them: so the file is written from within. */
  private String reader(String name) {
    Path file = home.resolve(name);
    String script =
        """
        head -c 67108864 /dev/zero > FILE
        for i in 1 2 3; do while :; do cat FILE > /dev/null; done & done
        """;
    return script.replace("FILE", file.toString()) + END_WITH_ALL;
  }

  /** Two processes for each processor want all of it. */
  @Test
  void busyProcessorsThatOthersWaitForAreSick() throws Exception {
    int loops = 2 * Runtime.getRuntime().availableProcessors();
    String rules =
        """
        rules:
          - {name: host, symptom: high_cpu, for: 2s}
          - {name: worker, symptom: high_cpu, where: {worker: busy}, enter: {cores: 0.05}, for: 2s}
          - {name: calm, symptom: high_cpu, where: {worker: calm}}
        """;
    String busy = "for i in $(seq %d); do while :; do :; done & done\n".formatted(loops);
    try (RealHost host =
        new RealHost(
            home,
            rules,
            RealHost.worker("crowd", "bash", "-c", busy + END_WITH_ALL),
            RealHost.worker("busy", "bash", "-c", "while :; do :; done"),
            RealHost.worker("calm", "sleep", "600"))) {
      SymptomEvent.Seen seen = host.await(SymptomEvent.Seen.class, one -> true);
      assertTrue(seen.summary().contains("waited for"), seen.summary());
      host.until("host", "host", Standing::seen);
      host.until("worker", "worker/busy.1", Standing::seen);
      assertEquals(Presence.ABSENT, host.standing("calm", "worker/calm.1").presence());
    }
  }
}
