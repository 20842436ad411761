package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a holder took its job, as far as that is certain. Pure. */
record Taken(Holder holder) {
  /** Whether it was before a process of that age started: then that process did not take it. */
  boolean before(Duration age) {
    Duration known = holder.knownFor();
    if (known != null && age.plus(Judge.SEEN_MARGIN).compareTo(known) < 0) {
      return true;
    }
    Duration claim = trueAge();
    return claim != null && age.plus(margin(claim)).compareTo(claim) < 0;
  }

  /**
   * Who dies of a job soon after taking it is soon followed by the next: that one is told from it
   * only where the claim was seen to be as young as the database says. A clock that is turned later
   * takes no part in its age.
   */
  private Duration margin(Duration claim) {
    Duration newer = holder.newerThan();
    boolean seen = newer != null && claim.compareTo(newer.plus(Judge.SEEN_MARGIN)) <= 0;
    return seen ? Judge.TRUE_MARGIN : Judge.MARGIN;
  }

  /**
   * The age of the claim, if the database's clock told it and nothing that the agent saw speaks
   * against it. Where the claim was not there yet at a time when it should have been, that clock
   * was turned, or this machine stood still, since.
   */
  private @Nullable Duration trueAge() {
    Duration claim = holder.claimAge();
    Duration newer = holder.newerThan();
    boolean usable =
        claim != null
            && holder.trueAge()
            && (newer == null || claim.compareTo(newer.plus(Judge.MARGIN)) <= 0);
    return usable ? claim : null;
  }
}
