package io.selfheal.host;

import io.selfheal.message.HostSample.Memory;
import oshi.SystemInfo;
import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;

/** Memory and swap. */
final class MemoryCollector implements Collector<Memory> {
  private final SystemInfo system;

  MemoryCollector(SystemInfo system) {
    this.system = system;
  }

  @Override
  public Reading<Memory> collect() {
    GlobalMemory memory = system.getHardware().getMemory();
    VirtualMemory swap = memory.getVirtualMemory();
    return parse(memory.getTotal(), memory.getAvailable(), swap.getSwapTotal(), swap.getSwapUsed());
  }

  /** OSHI answers 0 when it could not read. */
  static Reading<Memory> parse(long total, long available, long swapTotal, long swapUsed) {
    if (total <= 0 || available < 0 || available > total) {
      throw new IllegalStateException("/proc/meminfo has no usable MemTotal and MemAvailable");
    }
    return new Reading.Data<>(new Memory(total, available, swapTotal, Math.max(0, swapUsed)));
  }
}
