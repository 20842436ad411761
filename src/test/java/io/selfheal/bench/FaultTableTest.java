package io.selfheal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.bench.FaultTable.Run;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTableTest {
  private static final Instant AT = Instant.parse("2026-11-25T19:10:11Z");

  private final FaultTable table = new FaultTable();

  private static Run run(int detected, int gone, int healed) {
    return new Run(AT, AT.plusMillis(detected), AT.plusMillis(gone), AT.plusMillis(healed));
  }

  private List<String> printed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    FaultTable.header(out);
    for (Fault fault : Fault.values()) {
      table.print(out, fault);
    }
    table.ratios(out);
    return bytes.toString(StandardCharsets.UTF_8).lines().map(FaultTableTest::close).toList();
  }

  private static String close(String line) {
    return line.replaceAll(" {2,}", " | ").strip();
  }

  @Test
  void eachFaultAndToolHasItsLineAndThePeersTheirRatio() {
    for (int i = 1; i <= 3; i++) {
      table.add(Fault.KILLED, AgentTool.NAME, run(i, 10 * i, 2000 + i));
      table.add(Fault.KILLED, Monit.NAME, run(100 * i, 500 * i, 1000 * i));
    }
    assertEquals(
        List.of(
            "s, median / p99 | detected | healed | verified | runs",
            "worker killed | Selfheal | 0.002 / 0.003 | 0.020 / 0.030 | 2.002 / 2.003 | 3",
            "worker killed | Monit | 0.200 / 0.300 | 1.000 / 1.500 | 2.000 / 3.000 | 3",
            "worker killed, medians, Monit : Selfheal = 100.00 detected, 50.00 healed"),
        printed());
  }

  @Test
  void aRunThatFailedIsCountedAndExplained() {
    table.add(Fault.HUNG, Monit.NAME, run(1, 2, 3));
    table.failed(Fault.HUNG, Monit.NAME, "hung.2 is not well within PT1M");
    table.failed(Fault.LOW_DISK, AgentTool.NAME, "the agent gave up");
    assertEquals(
        List.of(
            "s, median / p99 | detected | healed | verified | runs",
            "worker unresponsive | Monit | 0.001 / 0.001 | 0.002 / 0.002 | 0.003 / 0.003 | 1 of 2",
            "worker unresponsive, Monit: hung.2 is not well within PT1M",
            "low disk | Selfheal | - | - | - | 0 of 1",
            "low disk, Selfheal: the agent gave up"),
        printed());
  }
}
