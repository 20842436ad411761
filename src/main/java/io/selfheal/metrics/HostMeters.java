package io.selfheal.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.selfheal.message.HostSample;
import java.util.List;

/** The newest reading of the machine. */
final class HostMeters {
  private final Gauges cpuBusy;
  private final Gauges cpuSteal;
  private final Gauges cpuIowait;
  private final Gauges memoryTotal;
  private final Gauges memoryAvailable;
  private final Gauges swapUsed;
  private final Gauges load;
  private final Gauges pressure;
  private final Gauges diskTotal;
  private final Gauges diskUsable;

  HostMeters(MeterRegistry registry) {
    cpuBusy = one(registry, "cpu_busy_ratio", "Processor time used, of all cores together");
    cpuSteal =
        one(registry, "cpu_steal_ratio", "Processor time that the hypervisor gave to others");
    cpuIowait = one(registry, "cpu_iowait_ratio", "Idle time with a disk request outstanding");
    memoryTotal = one(registry, "memory_total_bytes", "Memory of the machine");
    memoryAvailable =
        one(registry, "memory_available_bytes", "Memory that can be had without swapping");
    swapUsed = one(registry, "swap_used_bytes", "Swap in use");
    load = one(registry, "load_one_minute", "Load average of one minute");
    pressure =
        many(registry, "pressure_some_ratio", "Time in which some task waited, 10 s", "resource");
    diskTotal = many(registry, "disk_total_bytes", "Size of a file system", "mount");
    diskUsable = many(registry, "disk_usable_bytes", "Free space of a file system", "mount");
  }

  void read(HostSample sample) {
    HostSample.Cpu cpu = sample.cpu();
    cpuBusy.set(cpu == null ? Double.NaN : cpu.busyShare());
    cpuSteal.set(cpu == null ? Double.NaN : cpu.stealShare());
    cpuIowait.set(cpu == null ? Double.NaN : cpu.iowaitShare());
    HostSample.Memory memory = sample.memory();
    memoryTotal.set(memory == null ? Double.NaN : memory.totalBytes());
    memoryAvailable.set(memory == null ? Double.NaN : memory.availableBytes());
    swapUsed.set(memory == null ? Double.NaN : memory.swapUsedBytes());
    load.set(sample.load() == null ? Double.NaN : sample.load().oneMinute());
    pressure.forget();
    List<HostSample.Pressure> pressures = sample.pressure();
    if (pressures != null) {
      pressures.forEach(stall -> pressure.set(stall.resource(), stall.someTenSeconds()));
    }
    disks(sample.disks() == null ? List.of() : sample.disks());
  }

  private void disks(List<HostSample.Disk> disks) {
    diskTotal.forget();
    diskUsable.forget();
    for (HostSample.Disk disk : disks) {
      diskTotal.set(disk.mount(), (double) disk.totalBytes());
      diskUsable.set(disk.mount(), (double) disk.usableBytes());
    }
  }

  private static Gauges one(MeterRegistry registry, String name, String description) {
    return Gauges.single(registry, "selfheal_host_" + name, description);
  }

  private static Gauges many(
      MeterRegistry registry, String name, String description, String label) {
    return Gauges.family(registry, "selfheal_host_" + name, description, label);
  }
}
