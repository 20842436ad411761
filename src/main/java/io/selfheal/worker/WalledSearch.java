package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One look at all processes for those that call themselves by other pids than the agent does. Which
 * pid namespace a process is in never changes.
 *
 * @param since when it began, on the forward clock, in nanoseconds
 * @param complete whether the agent's user may see all processes
 * @param pids the agent's pids of the processes that were found, by the pid by which each knows
 *     itself
 */
record WalledSearch(long since, boolean complete, Map<Long, List<Long>> pids) {
  /** Reads all of {@code /proc}; blocks for some 30 µs a process. */
  static WalledSearch of(Proc proc, long now) {
    boolean complete = proc.stat(1).isPresent();
    Map<Long, List<Long>> pids = new HashMap<>();
    for (long pid : proc.pids()) {
      ProcStatus status = proc.status(pid);
      if (status.walled()) {
        pids.computeIfAbsent(status.ownPid(pid), own -> new ArrayList<>()).add(pid);
      }
    }
    return new WalledSearch(now, complete, pids);
  }

  /** Whether a process that took the job of a holder would have been found. */
  boolean covers(Holder holder, long now) {
    return covers(since, holder, now);
  }

  /**
   * @param since when a look began
   * @param now the moment at which the holder was asked for, or later
   */
  static boolean covers(long since, Holder holder, long now) {
    // What it missed started later, and cannot have taken a job that was taken before.
    return since >= now || new Taken(holder).before(Duration.ofNanos(now - since));
  }

  /** Those that live still, of these own pids; blocks for some 20 µs each. */
  Walls walls(Proc proc, Set<Long> own) {
    Map<Long, List<Sighting.Present>> living = new HashMap<>();
    for (long pid : own) {
      for (long found : pids.getOrDefault(pid, List.of())) {
        if (proc.sight(found) instanceof Sighting.Present present && !present.stat().ended()) {
          living.computeIfAbsent(pid, one -> new ArrayList<>()).add(present);
        }
      }
    }
    return new Walls(since, complete, living);
  }
}
