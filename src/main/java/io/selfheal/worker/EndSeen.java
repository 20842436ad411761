package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether this agent itself saw the process end that a row means. Pure. */
final class EndSeen {
  private EndSeen() {}

  /** Whether it did, and not before the job was taken. */
  static boolean of(Holder holder, Evidence evidence) {
    Duration ended =
        holder.pid().isPresent() ? byPid(holder, evidence) : byInstance(holder, evidence);
    Duration claim = holder.claimAge();
    return ended != null && (claim == null || claim.plus(Judge.MARGIN).compareTo(ended) >= 0);
  }

  private static @Nullable Duration byInstance(Holder holder, Evidence evidence) {
    Filled slot = holder.instance() == null ? null : evidence.instances().get(holder.instance());
    return slot == null ? null : slot.endedAgo();
  }

  private static @Nullable Duration byPid(Holder holder, Evidence evidence) {
    Fallen fallen = evidence.ended().get(holder.pid().getAsLong());
    if (fallen == null) {
      return null;
    }
    boolean same =
        holder.startTicks().isEmpty()
            || holder.startTicks().getAsLong() == fallen.process().startTicks();
    return same ? Duration.ofNanos(evidence.mark() - fallen.mark()) : null;
  }
}
