package io.selfheal.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a breaker opens because those of other agents did. Pure.
 *
 * <p>A call that went well here tells more than a breaker that opened elsewhere before: an agent
 * for which the service works is not stopped by others, and one that looked after they did and
 * found it well does not open again for the same reason.
 */
final class Quorum {
  private Quorum() {}

  /**
   * The others have it open.
   *
   * @param until the mark at which the first of them looks
   */
  record Majority(long until, String reason) {}

  /**
   * Counts the votes.
   *
   * @param votes of living agents, one of each
   * @param least so many; 0: never
   * @param wellAt the mark at which a call last went well here
   * @return null: it does not open
   */
  static @Nullable Majority of(
      List<Vote> votes, int agents, int least, boolean wasWell, long wellAt, long mark) {
    if (least == 0) {
      return null;
    }
    List<Vote> counted =
        votes.stream()
            .filter(vote -> vote.until() - mark > 0)
            .filter(vote -> !wasWell || vote.openedAt() - wellAt > 0)
            .toList();
    if (counted.size() < least) {
      return null;
    }
    long first = counted.stream().mapToLong(vote -> vote.until() - mark).min().orElseThrow();
    Vote one = counted.getFirst();
    String reason =
        counted.size()
            + " of "
            + agents
            + " agents have it open; "
            + one.agent()
            + ": "
            + one.reason();
    return new Majority(mark + first, reason);
  }

  /** Whether as many as are needed still have it open. */
  static boolean lasts(List<Vote> votes, int least, long mark) {
    return votes.stream().filter(vote -> vote.until() - mark > 0).count() >= least;
  }
}
