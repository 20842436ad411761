package io.selfheal.service;

import io.selfheal.message.BreakerState;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker is at now. It changes as a whole: a new one for each change of state, and for each
 * probe.
 *
 * @param epoch one more with each change of state: what belongs to another tells nothing of this
 * @param openings how often it opened since it last was closed
 * @param since when the state began, by the time of day, in milliseconds
 * @param lasting how long the state was to last when it began, in nanoseconds; 0: no time ends it
 * @param until the mark at which that time is over
 * @param out probes that are under way
 * @param successes of probes
 * @param doubtful probes that lapsed, or were slow
 * @param reason why it is not closed; null when it is
 * @param author who wants it so; null when it decides by itself
 */
record Phase(
    BreakerState state,
    long epoch,
    int openings,
    long since,
    long lasting,
    long until,
    int out,
    int successes,
    int doubtful,
    @Nullable String reason,
    @Nullable String author) {

  static Phase closed(long epoch, long wall) {
    return new Phase(BreakerState.CLOSED, epoch, 0, wall, 0, 0, 0, 0, 0, null, null);
  }

  /** One that some time ends. */
  static Phase timed(
      BreakerState state,
      long epoch,
      int openings,
      Moment now,
      long lasting,
      @Nullable String reason,
      @Nullable String author) {
    return new Phase(
        state, epoch, openings, now.wall(), lasting, now.mark() + lasting, 0, 0, 0, reason, author);
  }

  /** Whether the time that ends it is over. */
  boolean over(long mark) {
    return lasting > 0 && mark - until >= 0;
  }

  /** What is left of that time, in nanoseconds. */
  long left(long mark) {
    return lasting > 0 ? Math.max(0, until - mark) : 0;
  }

  /** Whether a person wants it so. */
  boolean forced() {
    return author != null;
  }

  /** Whether what the calls tell may open it. */
  boolean judges() {
    return state == BreakerState.CLOSED;
  }

  Phase withProbes(int nowOut, int nowSuccesses, int nowDoubtful) {
    return new Phase(
        state,
        epoch,
        openings,
        since,
        lasting,
        until,
        nowOut,
        nowSuccesses,
        nowDoubtful,
        reason,
        author);
  }
}
