package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiscoveryTest {
  private static final Path FILE = Path.of("w.pid");

  private static ProcEntry entry(long pid, long parent, long ticks, String command, String group) {
    return new ProcEntry(
        new ProcStat(pid, "w", 'S', parent, pid, 0, 1, ticks, 0, 0),
        Duration.ofSeconds(100 - ticks),
        command,
        List.of(group));
  }

  private static List<Long> pids(Discovery.Finding finding) {
    return finding.processes().stream().map(ProcStat::pid).toList();
  }

  @Test
  void theMainProcessOfAUnitHasItsParentOutside() {
    String group = "/system.slice/w.service";
    List<ProcEntry> table =
        List.of(
            entry(30, 20, 5, "child", group),
            entry(20, 1, 9, "main", group),
            entry(40, 1, 1, "other", "/system.slice/other-w.service"));
    UnitSearch unit = unsaid();
    assertEquals(List.of(20L), pids(unit.find(table, Discovery.SETTLED)));
    assertEquals(
        "no process runs in unit w.service", unit.find(List.of(), Discovery.SETTLED).problem());
  }

  @Test
  void withoutAParentOutsideTheOldestIsTheMainProcess() {
    String group = "/w.service";
    List<ProcEntry> table = List.of(entry(30, 20, 5, "a", group), entry(20, 30, 9, "b", group));
    assertEquals(List.of(30L), pids(unsaid().find(table, Discovery.SETTLED)));
  }

  /** Systemd cannot be asked. */
  private static UnitSearch unsaid() {
    return new UnitSearch("w.service", name -> Optional.empty());
  }

  private static Optional<SystemdUnit> unit(String active, String sub, long mainPid) {
    return Optional.of(new SystemdUnit("loaded", active, sub, "success", mainPid));
  }

  @ParameterizedTest
  @CsvSource({
    "active, running, 30, 30",
    "reloading, reload, 30, 30",
    "activating, start, 30, 30",
    "activating, start-pre, 0, 0",
    "activating, auto-restart, 0, 0",
    "deactivating, stop-post, 0, 0",
    "failed, failed, 0, 0",
    "inactive, dead, 0, 0",
    "active, running, 0, 20",
    "active, running, 50, 0",
  })
  void systemdSaysWhichIsTheMainProcess(String active, String sub, long mainPid, long found) {
    String group = "/system.slice/w.service";
    List<ProcEntry> table =
        List.of(entry(20, 1, 5, "prepares", group), entry(30, 1, 9, "main", group));
    UnitSearch unit = new UnitSearch("w.service", name -> unit(active, sub, mainPid));
    Discovery.Finding finding = unit.find(table, Discovery.SETTLED);
    assertEquals(found == 0 ? List.of() : List.of(found), pids(finding));
    assertEquals(found != 0, finding.problem().isEmpty());
  }

  @Test
  void systemdIsAskedWhenThereIsSomethingNew() {
    String group = "/system.slice/w.service";
    ProcEntry prepares = entry(20, 1, 5, "prepares", group);
    ProcEntry main = entry(30, 1, 9, "main", group);
    ProcEntry child = entry(40, 30, 10, "child", group);
    AtomicReference<Optional<SystemdUnit>> said = new AtomicReference<>(Optional.empty());
    AtomicInteger asked = new AtomicInteger();
    UnitSearch unit =
        new UnitSearch(
            "w.service",
            name -> {
              asked.incrementAndGet();
              return said.get();
            });
    said.set(unit("activating", "start-pre", 0));
    unit.find(List.of(), Duration.ZERO);
    assertEquals(0, asked.get(), "there is no process");
    unit.find(List.of(prepares), Duration.ZERO);
    unit.find(List.of(prepares), Duration.ZERO);
    assertEquals(2, asked.get(), "its start goes on");
    said.set(unit("active", "running", 30));
    assertEquals(List.of(30L), pids(unit.find(List.of(main), Duration.ZERO)));
    assertEquals(List.of(30L), pids(unit.find(List.of(main, child), Duration.ZERO)));
    assertEquals(3, asked.get(), "the main process lives");
    said.set(unit("failed", "failed", 0));
    assertEquals(List.of(), pids(unit.find(List.of(child), Duration.ZERO)));
    assertEquals(List.of(), pids(unit.find(List.of(child), Duration.ZERO)));
    assertEquals(4, asked.get(), "what was left behind is no news");
    said.set(unit("active", "running", 30));
    assertEquals(
        List.of(30L), pids(unit.find(List.of(child, entry(30, 1, 50, "", group)), Duration.ZERO)));
    assertEquals(5, asked.get());
  }

  @Test
  void commandsMatchAnywhereButNeverTheAgentNorTheNewborn() {
    List<ProcEntry> table =
        List.of(
            entry(30, 1, 5, "python worker.py --queue a", "/"),
            entry(31, 1, 4, "python worker.py --queue b", "/"),
            entry(32, 1, 5, "java selfheal worker.py", "/"),
            entry(33, 1, 100, "python worker.py --queue c", "/"),
            entry(34, 1, 5, "", "/"));
    CommandDiscovery command = new CommandDiscovery(Pattern.compile("worker\\.py"), 32);
    assertEquals(List.of(31L, 30L), pids(command.find(table, Discovery.SETTLED)));
    assertEquals(List.of(31L, 30L, 33L), pids(command.find(table, Duration.ZERO)));
    assertEquals(
        "no command line matches worker\\.py", command.find(List.of(), Duration.ZERO).problem());
  }

  @Test
  void aPidFileIsBelievedUnlessItsProcessIsYoungerThanIt() {
    List<ProcEntry> table = List.of(entry(30, 1, 40, "w", "/"));
    PidFileDiscovery file = new PidFileDiscovery(FILE, () -> Instant.EPOCH);
    assertEquals(List.of(30L), pids(file.choose("30\n", Duration.ofSeconds(59), table)));
    assertTrue(file.choose("30\n", Duration.ofSeconds(70), table).problem().contains("stale"));
    assertTrue(file.choose("31", Duration.ZERO, table).problem().contains("does not exist"));
    assertTrue(file.choose("x", Duration.ZERO, table).problem().contains("no pid"));
    assertTrue(file.find(table, Duration.ZERO).problem().contains("cannot be read"));
  }
}
