package io.selfheal.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who keeps whom waiting. A connection that waits itself blocks nobody by its own will, so those at
 * the root are named: the ones that do not wait. Pure.
 *
 * @param waiting the pids that wait
 * @param blockers by the pid that they block; of a pid that is not there nothing is known
 */
record Blockers(Set<Integer> waiting, Map<Integer, List<Blocker>> blockers) {
  private static final int MOST_NAMED = 2;

  /** Those that wait, block one of these, and of whose own blockers nothing is known yet. */
  Set<Integer> unknown(Set<Integer> pids) {
    Set<Integer> unknown = new HashSet<>();
    for (int pid : pids) {
      for (Blocker blocker : blockers.getOrDefault(pid, List.of())) {
        if (waiting.contains(blocker.pid()) && !blockers.containsKey(blocker.pid())) {
          unknown.add(blocker.pid());
        }
      }
    }
    return unknown;
  }

  /** At the root of the wait of a pid; those that wait, too, when no other is known. */
  private List<Blocker> roots(int pid) {
    List<Blocker> roots = new ArrayList<>();
    Set<Integer> been = new HashSet<>(Set.of(pid));
    Deque<Integer> next = new ArrayDeque<>(been);
    while (!next.isEmpty()) {
      for (Blocker blocker : blockers.getOrDefault(next.remove(), List.of())) {
        if (!been.add(blocker.pid())) {
          continue;
        }
        if (waiting.contains(blocker.pid()) && blocker.pid() != 0) {
          next.add(blocker.pid());
        } else {
          roots.add(blocker);
        }
      }
    }
    return roots.isEmpty() ? blockers.getOrDefault(pid, List.of()) : roots;
  }

  /** Whether the role may not see what one of those does. */
  boolean hidden(int pid) {
    return roots(pid).stream().anyMatch(Blocker::hidden);
  }

  /** For an operator. */
  String sentence(int pid) {
    List<Blocker> roots = roots(pid);
    if (roots.isEmpty()) {
      return "who blocks it is not known: SELECT pg_blocking_pids(" + pid + ") tells";
    }
    String named =
        String.join("; and by ", roots.stream().limit(MOST_NAMED).map(Blocker::sentence).toList());
    int more = roots.size() - MOST_NAMED;
    return "blocked by " + named + (more > 0 ? "; and " + more + " more" : "");
  }
}
