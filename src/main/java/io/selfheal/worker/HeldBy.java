package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Holder;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Which living process a holder's row names. It says nothing of whether that process took the job:
 * {@link Judge} does.
 */
final class HeldBy {
  private HeldBy() {}

  /**
   * @param host this machine's name
   * @param workers the living processes that are watched
   * @param byPid the living process of a pid
   */
  static Optional<ProcessIdentity> process(
      Holder holder,
      String host,
      List<Filled> workers,
      LongFunction<Optional<ProcessIdentity>> byPid) {
    if (holder.host() != null && !holder.host().equalsIgnoreCase(host)) {
      return Optional.empty();
    }
    List<Filled> same =
        workers.stream()
            .filter(slot -> holder.worker() == null || holder.worker().equals(slot.worker()))
            .filter(slot -> names(holder, slot))
            .toList();
    if (!same.isEmpty()) {
      return same.size() == 1 ? Optional.of(same.getFirst().process()) : Optional.empty();
    }
    boolean walled =
        workers.stream()
            .filter(slot -> slot.worker().equals(holder.worker()))
            .anyMatch(slot -> slot.ownPid() != slot.process().pid());
    if (walled || holder.pid().isEmpty() || !Judge.isPid(holder.pid().getAsLong())) {
      return Optional.empty();
    }
    return byPid.apply(holder.pid().getAsLong()).filter(process -> sameStart(holder, process));
  }

  private static boolean names(Holder holder, Filled slot) {
    if (holder.instance() == null && holder.pid().isEmpty()) {
      return false;
    }
    boolean instance = holder.instance() == null || holder.instance().equals(slot.instance());
    boolean pid = holder.pid().isEmpty() || holder.pid().getAsLong() == slot.ownPid();
    return instance && pid && sameStart(holder, slot.process());
  }

  private static boolean sameStart(Holder holder, ProcessIdentity process) {
    return holder.startTicks().isEmpty() || holder.startTicks().getAsLong() == process.startTicks();
  }
}
