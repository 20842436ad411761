package io.selfheal.host;

import io.selfheal.message.HostSample.Cpu;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;

/** Processor time, in total and core by core. */
final class CpuCollector implements Collector<Cpu> {
  private final SystemInfo system;
  private CpuTicks.@Nullable Ticks before;
  private @Nullable Reading<Cpu> last;

  CpuCollector(SystemInfo system) {
    this.system = system;
  }

  @Override
  public Reading<Cpu> collect() {
    CentralProcessor processor = system.getHardware().getProcessor();
    CpuTicks.Ticks now =
        new CpuTicks.Ticks(processor.getSystemCpuLoadTicks(), processor.getProcessorCpuLoadTicks());
    // OSHI remembers a reading for 300 ms: at shorter intervals the answer is the one before.
    if (last != null && before != null && Arrays.equals(before.total(), now.total())) {
      return last;
    }
    Reading<Cpu> reading = CpuTicks.between(before, now);
    before = now;
    last = reading;
    return reading;
  }
}
