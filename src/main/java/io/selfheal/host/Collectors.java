package io.selfheal.host;

import io.selfheal.bus.Time;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Cpu;
import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.HostSample.DiskActivity;
import io.selfheal.message.HostSample.Load;
import io.selfheal.message.HostSample.Memory;
import io.selfheal.message.HostSample.Network;
import io.selfheal.message.HostSample.Pressure;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import oshi.SystemInfo;

/** Every collector, and the one place that runs them. */
record Collectors(
    Guarded<Duration> uptime,
    Guarded<Cpu> cpu,
    Guarded<Memory> memory,
    Guarded<List<Disk>> disks,
    Guarded<List<DiskActivity>> diskActivity,
    Guarded<List<Network>> network,
    Guarded<Load> load,
    Guarded<List<Pressure>> pressure) {

  /** The collectors of this machine. */
  static Collectors ofThisMachine(Time time) {
    SystemInfo system = new SystemInfo();
    return new Collectors(
        new Guarded<>("uptime", new UptimeCollector(system), time),
        new Guarded<>("cpu", new CpuCollector(system), time),
        new Guarded<>("memory", new MemoryCollector(system), time),
        new Guarded<>("disks", DisksCollector.of(system, time), time),
        new Guarded<>("disk_activity", new DiskActivityCollector(time), time),
        new Guarded<>("network", new NetworkCollector(time), time),
        new Guarded<>("load", new LoadCollector(system), time),
        new Guarded<>("pressure", new PressureCollector(), time));
  }

  /** Runs each; one that fails leaves its part null and its reason in the problems. */
  HostSample sample(String hostName) {
    Map<String, String> problems = new LinkedHashMap<>();
    return new HostSample(
        hostName,
        uptime.read(problems),
        cpu.read(problems),
        memory.read(problems),
        disks.read(problems),
        diskActivity.read(problems),
        network.read(problems),
        load.read(problems),
        pressure.read(problems),
        Collections.unmodifiableMap(problems));
  }

  /** The collectors that fail, by name, with the reason. */
  Map<String, String> failing() {
    Map<String, String> failing = new LinkedHashMap<>();
    Stream.of(uptime, cpu, memory, disks, diskActivity, network, load, pressure)
        .forEach(one -> one.failure().ifPresent(reason -> failing.put(one.name(), reason)));
    return failing;
  }
}
