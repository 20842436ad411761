package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Cpu;
import io.selfheal.message.HostSample.Load;
import io.selfheal.message.HostSample.Memory;
import io.selfheal.message.HostSample.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StarvationTest {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final long MILLI = 1_000_000L;

  private static HostSample host(Pressure pressure, double available, double load, boolean whole) {
    return new HostSample(
        "here",
        null,
        whole ? new Cpu(1, List.of(1.0, 1.0), 0, 0) : null,
        whole ? new Memory(1000, Math.round(available * 1000), 0, 0) : null,
        null,
        null,
        null,
        whole ? new Load(load, load, load) : null,
        List.of(pressure),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    // On two processors. Busy is not starved, however many tasks wait.
    "cpu, 0.99, 0.99, 0.5, 32, false",
    // Memory: the host thrashes; a control group does at its limit; some tasks wait, not all.
    "memory, 0.9, 0.30, 0.05, 3, true",
    "memory, 0.9, 0.30, 0.60, 3, false",
    "memory, 0.9, 0.10, 0.05, 3, false",
    // Storage: a storm; a single backup; some tasks wait, not all.
    "io, 0.9, 0.60, 0.5, 9, true",
    "io, 0.9, 0.95, 0.5, 1, false",
    "io, 0.9, 0.30, 0.5, 9, false",
  })
  void pressureOfTheHostCounts(
      String resource, double some, double full, double available, double load, boolean starved) {
    Pressure pressure = new Pressure(resource, some, some, full, full);
    Starvation fresh = Starvation.fresh(TICK, 0);
    Starvation after = fresh.sampled(host(pressure, available, load, true));
    assertEquals(starved, after.why().isPresent(), String.valueOf(after.why()));
    Pressure none = new Pressure(resource, 0, 0, 0, 0);
    assertTrue(after.sampled(host(none, available, load, true)).why().isEmpty());
  }

  @Test
  void whereTheRestIsNotKnownPressureIsPresumedToBeTheHosts() {
    Starvation fresh = Starvation.fresh(TICK, 0);
    assertEquals(
        "all tasks waited for memory 30 % of the last ten seconds",
        fresh.sampled(host(new Pressure("memory", 1, 1, 0.3, 0), 1, 0, false)).why().orElse(""));
    assertEquals(
        "all tasks waited for storage 60 % of the last ten seconds",
        fresh.sampled(host(new Pressure("io", 1, 1, 0.6, 0), 1, 0, false)).why().orElse(""));
    HostSample nothing =
        new HostSample("h", null, null, null, null, null, null, null, null, Map.of());
    assertTrue(fresh.sampled(nothing).why().isEmpty());
  }

  @Test
  void oneTickThatIsVeryLateCountsForTenSeconds() {
    Starvation now = Starvation.fresh(TICK, 0).ticked(500 * MILLI);
    assertTrue(now.why().isEmpty());
    now = now.ticked(2100 * MILLI);
    assertEquals("the agent's own tick came 1100 ms late", now.why().orElse(""));
    long mark = 2100 * MILLI;
    for (int i = 0; i < 19; i++) {
      mark += 500 * MILLI;
      now = now.ticked(mark);
      assertTrue(now.why().isPresent(), "tick " + i);
    }
    now = now.ticked(mark + 500 * MILLI);
    assertTrue(now.why().isEmpty(), now.toString());
  }

  /** What sixteen busy loops on two processors made of the ticks: 18 ms on average, 94 at most. */
  @Test
  void ticksOfABusyHostAreNotLate() {
    Starvation now = Starvation.fresh(TICK, 0);
    long mark = 0;
    for (int i = 0; i < 1000; i++) {
      mark += (500 + (i % 12 == 0 ? 94 : 12)) * MILLI;
      now = now.ticked(mark);
      assertTrue(now.why().isEmpty(), now.toString());
    }
  }

  @Test
  void ticksThatAreAllSomewhatLateCountWhileTheyAre() {
    Starvation now = Starvation.fresh(TICK, 0);
    long mark = 0;
    for (int i = 0; i < 400; i++) {
      mark += 700 * MILLI;
      now = now.ticked(mark);
    }
    assertEquals("the agent's own ticks come 200 ms late on average", now.why().orElse(""));
    for (int i = 0; i < 40; i++) {
      mark += 500 * MILLI;
      now = now.ticked(mark);
    }
    assertTrue(now.why().isEmpty(), now.toString());
  }

  /** A single tick, half a second late, is no starvation; a tick that is early is not late. */
  @Test
  void aHiccupDoesNotCount() {
    Starvation now = Starvation.fresh(TICK, 0);
    long mark = 0;
    for (int i = 0; i < 40; i++) {
      mark += (i == 20 ? 1000 : 490) * MILLI;
      now = now.ticked(mark);
      assertTrue(now.why().isEmpty(), now.toString());
    }
  }
}
