package io.selfheal.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a process that is under none of the watched ones may be of theirs all the same: what
 * forks twice to become a daemon has the first process as parent. Blocks.
 */
final class Relatives {
  private final Proc proc;
  private final Set<Long> sessions = new HashSet<>();
  private final Set<String> services = new HashSet<>();

  /**
   * @param theirs the pids of the watched processes and of all below them
   */
  Relatives(Proc proc, Families families, List<Long> theirs) {
    this.proc = proc;
    for (long pid : theirs) {
      families.stat(pid).ifPresent(stat -> sessions.add(stat.session()));
      services.addAll(services(pid));
    }
  }

  /** True when it is in a session or a service of theirs, or was started below an agent. */
  boolean mayBe(ProcStat stat) {
    return sessions.contains(stat.session())
        || services(stat.pid()).stream().anyMatch(services::contains)
        || proc.marks(stat.pid()).isPresent();
  }

  private List<String> services(long pid) {
    return proc.cgroups(pid).stream().filter(path -> path.endsWith(".service")).toList();
  }
}
