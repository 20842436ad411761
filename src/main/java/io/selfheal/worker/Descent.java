package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.worker.PriorityMeasure.ThreadId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A process with all that it started and that still belongs to it: by session or by parent. */
record Descent(Proc proc, ProcessIdentity root) {
  /** Those that live; empty when the process itself is gone. Blocks for a scan. */
  List<ProcStat> living() {
    List<ProcStat> all = new ArrayList<>();
    for (long pid : proc.pids()) {
      proc.stat(pid).filter(stat -> !stat.ended()).ifPresent(all::add);
    }
    boolean lives =
        all.stream()
            .anyMatch(one -> one.pid() == root.pid() && one.startTicks() == root.startTicks());
    return lives ? of(root.pid(), all) : List.of();
  }

  /** Pure. */
  static List<ProcStat> of(long root, List<ProcStat> all) {
    Set<Long> pids = new HashSet<>();
    pids.add(root);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (ProcStat one : all) {
        if (one.session() == root || pids.contains(one.parent())) {
          grew |= pids.add(one.pid());
        }
      }
    }
    return all.stream().filter(one -> pids.contains(one.pid())).toList();
  }

  List<Long> pids() {
    return living().stream().map(ProcStat::pid).toList();
  }

  /** All their threads. */
  List<ThreadId> threads() {
    List<ThreadId> threads = new ArrayList<>();
    for (ProcStat stat : living()) {
      String[] names = new java.io.File("/proc/" + stat.pid() + "/task").list();
      Arrays.stream(names == null ? new String[0] : names)
          .map(name -> new ThreadId(stat.pid(), stat.startTicks(), Long.parseLong(name)))
          .forEach(threads::add);
    }
    return threads;
  }
}
