package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.ThrottleRequests.Strength;
import io.selfheal.worker.UnitLimits.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class MeasureTest {
  /** Real priorities of real processes. */
  @Test
  void whatWasMadeNicerIsAsNiceAsBeforeAgain() throws Exception {
    Proc proc = Proc.open();
    Process shell = new ProcessBuilder("nice", "-n", "3", "bash", "-c", "sleep 600 & wait").start();
    try {
      List<ProcessHandle> children = List.of();
      while (children.isEmpty()) {
        children = shell.children().toList();
      }
      ProcessIdentity root = proc.identity(shell.pid()).orElseThrow();
      long child = children.getFirst().pid();
      Descent descent = new Descent(proc, root);
      PriorityMeasure measure = new PriorityMeasure(15, true, descent::threads);
      List<String> before = measure.before();
      int io = NativePriority.io(child);
      int nice = NativePriority.nice(child);
      measure.act();
      assertEquals(15, NativePriority.nice(root.pid()));
      assertEquals(15, NativePriority.nice(child));
      assertEquals(2 << 13 | 7, NativePriority.io(child));
      assumeTrue(isRoot(), "only root may make a process less nice again");
      Restoring restoring = new Restoring(proc, new Systemctl());
      assertEquals(List.of(), restoring.restore(String.join("\n", before)));
      assertEquals(nice, NativePriority.nice(root.pid()));
      assertEquals(nice, NativePriority.nice(child));
      assertEquals(io, NativePriority.io(child));
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }

  private static boolean isRoot() throws IOException {
    return "root".equals(System.getProperty("user.name"));
  }

  @Test
  void aReusedPidIsNotTouched() throws Exception {
    Proc proc = Proc.open();
    Process sleep = new ProcessBuilder("sleep", "600").start();
    try {
      ProcessIdentity now = proc.identity(sleep.pid()).orElseThrow();
      int nice = NativePriority.nice(now.pid());
      String line = "nice\t%d\t%d\t%d\t11".formatted(now.pid(), now.startTicks() - 1, now.pid());
      assertEquals(List.of(), new Restoring(proc, new Systemctl()).restore(line));
      assertEquals(nice, NativePriority.nice(now.pid()));
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void onlyGroupsOfTheAgentAreTakenApart(@TempDir Path folder) throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    List<String> problems =
        new Restoring(Proc.open(), new Systemctl()).restore("group\t" + other + "\nnonsense");
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(Files.exists(other));
  }

  @Test
  void aNoteIsThereWhollyOrNotAtAll(@TempDir Path folder) throws Exception {
    Notes notes = new Notes(folder.resolve("workers"));
    assertEquals(Optional.empty(), notes.read("throttle-images.1"));
    notes.write("throttle-images.1", "one\ntwo");
    notes.write("throttle-images.1", "three");
    assertEquals(Optional.of("three"), notes.read("throttle-images.1"));
    notes.remove("throttle-images.1");
    notes.remove("throttle-images.1");
    assertEquals(Optional.empty(), notes.read("throttle-images.1"));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "CPUQuotaPerSecUSec=infinity | CPU_QUOTA | ''",
        "CPUQuotaPerSecUSec=500ms | CPU_QUOTA | 50%",
        "CPUQuotaPerSecUSec=1s 500ms | CPU_QUOTA | 150%",
        "CPUQuotaPerSecUSec=125ms | CPU_QUOTA | 12.5%",
        "CPUQuotaPerSecUSec=333.300ms | CPU_QUOTA | 33.33%",
        "CPUQuotaPerSecUSec=1min 4s | CPU_QUOTA | 6400%",
        "CPUWeight=[not set] | CPU_WEIGHT | ''",
        "CPUWeight=200 | CPU_WEIGHT | 200",
        "CPUWeight=idle | CPU_WEIGHT | idle",
        "IOWeight=10 | IO_WEIGHT | 10",
      },
      delimiter = '|')
  void whatSystemdShowsInTheWordsThatSetIt(String line, Property property, String value) {
    assertEquals(value, UnitLimits.parse(line + "\n").get(property));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 50%", "1.5, 150%", "0.01, 1%", "0.125, 12.5%", "64, 6400%"})
  void coresAsAShareOfOne(double cores, String percent) {
    assertEquals(percent, UnitLimits.percent(cores));
  }

  @Test
  void whatIsWrittenIntoTheFilesOfBothVersions() {
    Strength all = new Strength(0.25, 20, 10, true);
    assertEquals(Map.of("cpu.cfs_quota_us", "25000", "cpu.shares", "204"), Measures.oldValues(all));
    assertEquals(
        Map.of("cpu.max", "25000 100000", "cpu.weight", "20", "io.weight", "default 10"),
        Measures.values(all));
    assertEquals(Map.of(), Measures.values(new Strength(null, null, null, true)));
    assertEquals(
        Map.of("cpu.max", "1000 100000"), Measures.values(new Strength(0.001, null, null, true)));
  }

  @ParameterizedTest
  @CsvSource({", 15", "80, 1", "20, 7", "1, 19", "100, 1", "1000, 1"})
  void howNice(@Nullable Integer weight, int nice) {
    assertEquals(nice, Measures.nice(new Strength(0.1, weight, null, true)));
  }
}
