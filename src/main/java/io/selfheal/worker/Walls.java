package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Holder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of processes in other pid namespaces, such as those of containers. One that is
 * given the host's name, as many a container is, writes this host and its own pid into its rows,
 * and the agent knows it by another pid. Pure.
 *
 * @param since when the look began, on the forward clock, in nanoseconds: a process that started
 *     later may be missing
 * @param complete whether the agent's user may see all processes
 * @param living those that live now, by the pid by which each knows itself; of the pids that were
 *     asked for
 */
record Walls(long since, boolean complete, Map<Long, List<Sighting.Present>> living) {
  /** As if there were no other pid namespace. */
  static final Walls NONE = new Walls(Long.MAX_VALUE, true, Map.of());

  /**
   * Why a holder lives, or may, though no process here can be it; empty when none behind a wall can
   * be, either.
   */
  Optional<Doubt> doubt(Holder holder, long pid, long now) {
    if (!WalledSearch.covers(since, holder, now)) {
      return Optional.of(
          Doubt.of("whether a container has a process of that pid was not looked for"));
    }
    Optional<Sighting.Present> one =
        living.getOrDefault(pid, List.of()).stream()
            .filter(present -> couldBe(holder, present))
            .max(Comparator.comparing(Sighting.Present::age));
    if (one.isPresent()) {
      return one.map(present -> named(holder, pid, present));
    }
    return complete ? Optional.empty() : Optional.of(Doubt.of(hidden(pid)));
  }

  private static String hidden(long pid) {
    return "one of a container may call itself %d, and /proc does not show all processes to the agent's user (hidepid): let that user see them (gid= of /proc), or name the worker of this source (holder.worker)"
        .formatted(pid);
  }

  /**
   * What speaks for a holder.
   *
   * @param proven whether it is certain that it lives
   */
  record Doubt(String why, boolean proven) {
    static Doubt of(String why) {
      return new Doubt(why, false);
    }
  }

  private static boolean couldBe(Holder holder, Sighting.Present present) {
    return holder.startTicks().isPresent()
        ? holder.startTicks().getAsLong() == present.stat().startTicks()
        : !new Taken(holder).before(present.age());
  }

  private static Doubt named(Holder holder, long pid, Sighting.Present present) {
    boolean proven = holder.startTicks().isPresent();
    return new Doubt(
        "pid %d %s process %d (%s), started %s ago, which a container calls %d"
            .formatted(
                pid,
                proven ? "is" : "may be",
                present.stat().pid(),
                present.stat().name(),
                Words.of(present.age()),
                pid),
        proven);
  }
}
