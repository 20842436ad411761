package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.ThrottleRequests.Strength;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how a process that systemd does not run can be held down: by its own control group, by a
 * group that is made for it, or, weaker, by its priority. Blocks.
 *
 * @param others processes that must not be hit: the agent, and other workers
 */
record Measures(Proc proc, GroupMounts mounts, Set<Long> others) {
  private static final int CAP_SYS_NICE = 23;

  /**
   * What was chosen.
   *
   * @param problem why nothing can be done; empty when something can
   */
  record Choice(List<Measure> measures, String problem) {
    private static Choice none(String problem) {
      return new Choice(List.of(), problem);
    }
  }

  Choice choose(String instance, ProcessIdentity process, Strength strength) throws IOException {
    String membership = Files.readString(Path.of("/proc", "" + process.pid(), "cgroup"));
    boolean old = mounts.controllers().containsKey("cpu");
    List<Path> upwards = mounts.upwards(membership, old ? "cpu" : null);
    Map<String, String> values = old ? oldValues(strength) : values(strength);
    List<Measure> measures = new ArrayList<>();
    Descent descent = new Descent(proc, process);
    if (!upwards.isEmpty() && !values.isEmpty()) {
      measures.addAll(byGroup(instance, upwards, values, old, descent));
    }
    boolean cpuLeft =
        measures.isEmpty() && (strength.cores() != null || strength.cpuWeight() != null);
    boolean ioLeft = strength.ioWeight() != null && (old || measures.isEmpty());
    if (!cpuLeft && !ioLeft) {
      return new Choice(measures, "");
    }
    if (!strength.weaker()) {
      return Choice.none(
          "no control group of "
              + instance
              + " can be limited by the agent: let it write below "
              + (upwards.isEmpty() ? "/sys/fs/cgroup" : upwards.getFirst())
              + ", run the worker as a unit, or say weaker: true");
    }
    if (cpuLeft && !mayLift()) {
      return Choice.none(
          "the agent may make "
              + instance
              + " nicer, but not less nice again: give it CAP_SYS_NICE");
    }
    measures.add(
        new PriorityMeasure(
            cpuLeft ? nice(strength) : -1,
            ioLeft && lowers(strength.ioWeight()),
            descent::threads));
    return new Choice(measures, "");
  }

  private List<Measure> byGroup(
      String instance, List<Path> upwards, Map<String, String> values, boolean old, Descent descent)
      throws IOException {
    Path own = upwards.getFirst();
    boolean ours = own.endsWith(GroupMeasure.PREFIX + instance);
    if (ours) {
      return List.of(new GroupMeasure(own, values, descent::pids));
    }
    if (upwards.size() > 1 && alone(own) && writable(own, values)) {
      List<Measure> files = new ArrayList<>();
      values.forEach((name, value) -> files.add(new FileMeasure(own.resolve(name), value)));
      return files;
    }
    boolean passedDown = old || passesDown(own, values);
    Path child = own.resolve(GroupMeasure.PREFIX + instance);
    return passedDown && Files.isWritable(own)
        ? List.of(new GroupMeasure(child, values, descent::pids))
        : List.of();
  }

  /** Whether the group holds nobody else whom the agent knows. */
  private boolean alone(Path group) throws IOException {
    return Files.readAllLines(group.resolve("cgroup.procs")).stream()
        .noneMatch(pid -> others.contains(Long.parseLong(pid)));
  }

  private static boolean writable(Path group, Map<String, String> values) {
    return values.keySet().stream().allMatch(name -> Files.isWritable(group.resolve(name)));
  }

  /** Whether groups below have the files: cgroup v2 gives them only what is switched on above. */
  private static boolean passesDown(Path group, Map<String, String> values) throws IOException {
    List<String> on =
        List.of(Files.readString(group.resolve("cgroup.subtree_control")).strip().split(" ", -1));
    return values.keySet().stream()
        .allMatch(name -> on.contains(name.substring(0, name.indexOf('.'))));
  }

  /** For cgroup v1: by the default period of 100 ms; 1024 shares are usual. */
  static Map<String, String> oldValues(Strength strength) {
    Map<String, String> values = new TreeMap<>();
    if (strength.cores() != null) {
      values.put("cpu.cfs_quota_us", Long.toString(quota(strength.cores())));
    }
    if (strength.cpuWeight() != null) {
      values.put("cpu.shares", Long.toString(Math.max(2, strength.cpuWeight() * 1024L / 100)));
    }
    return values;
  }

  /** For cgroup v2. */
  static Map<String, String> values(Strength strength) {
    Map<String, String> values = new TreeMap<>();
    if (strength.cores() != null) {
      values.put("cpu.max", quota(strength.cores()) + " 100000");
    }
    if (strength.cpuWeight() != null) {
      values.put("cpu.weight", strength.cpuWeight().toString());
    }
    if (strength.ioWeight() != null) {
      values.put("io.weight", "default " + strength.ioWeight());
    }
    return values;
  }

  /** The kernel takes no less than a millisecond. */
  private static long quota(double cores) {
    return Math.max(1_000, Math.round(cores * 100_000));
  }

  /** A step of niceness is a quarter of the weight. */
  static int nice(Strength strength) {
    Integer weight = strength.cpuWeight();
    if (weight == null) {
      return 15;
    }
    long steps = Math.round(Math.log(100.0 / weight) / Math.log(1.25));
    return Math.clamp(steps, 1, 19);
  }

  private static boolean lowers(@Nullable Integer ioWeight) {
    return ioWeight != null && ioWeight < 100;
  }

  private static boolean mayLift() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(capabilities -> (capabilities >> CAP_SYS_NICE & 1) == 1);
  }
}
