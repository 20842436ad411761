package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostSample.Cpu;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CpuTicksTest {
  /** user, nice, system, idle, iowait, irq, softirq, steal */
  private static final long[] START = {1000, 10, 200, 9000, 500, 1, 20, 30};

  private static long[] plus(long... growth) {
    long[] sum = START.clone();
    for (int i = 0; i < growth.length; i++) {
      sum[i] += growth[i];
    }
    return sum;
  }

  private static CpuTicks.Ticks ticks(long[] total, long[]... cores) {
    return new CpuTicks.Ticks(total, cores);
  }

  @Test
  void sharesAreOfWhatTheCountersGrewBy() {
    Reading<Cpu> reading =
        CpuTicks.between(
            ticks(START, START, START),
            ticks(
                plus(30, 0, 10, 50, 5, 0, 0, 5),
                plus(30, 0, 10, 10, 0, 0, 0, 0),
                plus(0, 0, 0, 40, 5, 0, 0, 5)));
    assertEquals(new Reading.Data<>(new Cpu(0.45, List.of(0.8, 0.1), 0.05, 0.05)), reading);
  }

  @Test
  void theFirstReadingIsNoDataYet() {
    assertEquals(
        new Reading.None<>(Reading.NEEDS_TWO), CpuTicks.between(null, ticks(START, START)));
  }

  @Test
  void aCounterThatStartsOverIsNoData() {
    assertEquals(
        new Reading.None<>(Reading.STARTED_OVER),
        CpuTicks.between(ticks(START, START), ticks(plus(-1), plus(10))));
    assertEquals(
        new Reading.None<>(Reading.STARTED_OVER),
        CpuTicks.between(ticks(START, START), ticks(plus(10), plus(-1))));
    assertEquals(
        new Reading.None<>(Reading.STARTED_OVER),
        CpuTicks.between(ticks(START, START), ticks(plus(10, 0, 0, -8000), plus(10))));
  }

  @Test
  void anotherNumberOfCoresIsNoData() {
    assertEquals(
        new Reading.None<>(Reading.STARTED_OVER),
        CpuTicks.between(ticks(START, START, START), ticks(plus(10), plus(10))));
  }

  @Test
  void theKernelsEstimatesMayFallALittle() {
    Reading<Cpu> reading =
        CpuTicks.between(
            ticks(START, START),
            ticks(plus(10, 0, 0, 30, -2, 0, 0, 0), plus(10, 0, 0, 30, -2, 0, 0, 0)));
    assertEquals(new Reading.Data<>(new Cpu(0.25, List.of(0.25), 0, 0)), reading);
  }

  @Test
  void aCoreThatStandsStillIsNotBusy() {
    Reading<Cpu> reading =
        CpuTicks.between(ticks(START, START, START), ticks(plus(10), plus(10), START));
    assertEquals(new Reading.Data<>(new Cpu(1, List.of(1.0, 0.0), 0, 0)), reading);
  }

  @Test
  void noTimeIsNoDataYet() {
    assertInstanceOf(
        Reading.None.class, CpuTicks.between(ticks(START, START), ticks(START, START)));
  }

  @Provide
  Arbitrary<long[]> counters() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE / 16).array(long[].class).ofSize(8);
  }

  @Property
  void sharesStayBetweenZeroAndOne(
      @ForAll("counters") long[] before, @ForAll("counters") long[] now) {
    if (CpuTicks.between(ticks(before, before), ticks(now, now))
        instanceof Reading.Data<Cpu>(Cpu cpu)) {
      assertTrue(cpu.busyShare() >= 0 && cpu.busyShare() <= 1, cpu::toString);
      assertTrue(cpu.stealShare() >= 0 && cpu.iowaitShare() >= 0, cpu::toString);
      assertTrue(cpu.stealShare() <= 1 && cpu.iowaitShare() <= 1, cpu::toString);
      assertEquals(cpu.busyShare(), cpu.perCoreShare().getFirst(), 1e-9);
    }
  }
}
