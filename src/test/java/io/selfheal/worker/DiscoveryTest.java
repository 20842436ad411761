package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

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
    UnitDiscovery unit = new UnitDiscovery("w.service");
    assertEquals(List.of(20L), pids(unit.find(table, Discovery.SETTLED)));
    assertEquals(
        "no process runs in unit w.service", unit.find(List.of(), Discovery.SETTLED).problem());
  }

  @Test
  void withoutAParentOutsideTheOldestIsTheMainProcess() {
    String group = "/w.service";
    List<ProcEntry> table = List.of(entry(30, 20, 5, "a", group), entry(20, 30, 9, "b", group));
    assertEquals(List.of(30L), pids(new UnitDiscovery("w.service").find(table, Discovery.SETTLED)));
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
