package io.selfheal.worker;

import java.time.Duration;

/**
 * The time through which the agent really looked. Pure.
 *
 * <p>When the agent itself was starved or suspended, its next tick comes late; of that gap only one
 * and a half intervals count, and nothing is judged on a late tick. So silence and freezing are
 * measured in time at which the agent could have seen a sign of life: a host without processor time
 * does not make its workers silent.
 *
 * @param attended what counted so far
 * @param mark the last tick on the forward clock, in nanoseconds
 * @param late whether the last tick came late
 */
record Attention(Duration attended, long mark, boolean late) {
  static Attention from(long mark) {
    return new Attention(Duration.ZERO, mark, false);
  }

  /** A tick. */
  Attention tick(long now, Duration interval) {
    Duration gap = Duration.ofNanos(now - mark);
    Duration most = interval.plus(interval.dividedBy(2));
    boolean tooLong = gap.compareTo(most) > 0;
    return new Attention(attended.plus(tooLong ? most : gap), now, tooLong);
  }
}
