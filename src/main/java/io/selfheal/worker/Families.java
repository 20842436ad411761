package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who started whom, of all processes of one moment. Pure. */
record Families(String bootId, Map<Long, ProcStat> processes) {
  private static final int DEEPEST = 64;

  static Families of(String bootId, Collection<ProcStat> processes) {
    Map<Long, ProcStat> byPid = new HashMap<>();
    processes.forEach(stat -> byPid.put(stat.pid(), stat));
    return new Families(bootId, byPid);
  }

  /** A process, its parent, and so on up; empty when there is no such process. */
  Set<ProcessIdentity> line(long pid) {
    Set<ProcessIdentity> line = new LinkedHashSet<>();
    @Nullable ProcStat stat = processes.get(pid);
    while (stat != null && line.size() < DEEPEST) {
      line.add(stat.identity(bootId));
      ProcStat parent = processes.get(stat.parent());
      // A parent that is younger than its child is another process with the same pid.
      stat = parent == null || parent.startTicks() > stat.startTicks() ? null : parent;
    }
    return line;
  }

  /** The pids of these processes and of all that they started, as far as they live. */
  List<Long> under(Set<ProcessIdentity> roots) {
    return processes.keySet().stream()
        .filter(pid -> line(pid).stream().anyMatch(roots::contains))
        .sorted()
        .toList();
  }

  /** The pids of all others. */
  Set<Long> besides(Collection<Long> pids) {
    return processes.keySet().stream()
        .filter(pid -> !pids.contains(pid))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  Optional<ProcStat> stat(long pid) {
    return Optional.ofNullable(processes.get(pid));
  }
}
