package io.selfheal.worker;

import java.time.Duration;
import java.util.List;

/** Finds a worker's processes in a scan. */
@FunctionalInterface
interface Discovery {
  /**
   * A process that is younger is not taken yet: between fork and exec a child shows its parent's
   * arguments, and would be watched, and missed, in vain.
   */
  Duration SETTLED = Duration.ofSeconds(1);

  /** At most so many processes of one worker are watched. */
  int MOST = 256;

  /** What was found; pure but for what the way itself must read. */
  Finding find(List<ProcEntry> table, Duration settled);

  /**
   * What was found.
   *
   * @param processes the processes to watch
   * @param only whether one that is watched and not among them is no longer the worker's
   * @param problem why there are none, or not all; empty when all is well
   * @param whole whether the worker surely has no other process: none may well be all
   */
  record Finding(List<ProcStat> processes, boolean only, String problem, boolean whole) {}
}
