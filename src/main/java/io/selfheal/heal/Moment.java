package io.selfheal.heal;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * A point on both clocks.
 *
 * @param wall the time of day, for what people read and what is written down
 * @param mark the forward clock in nanoseconds, for every wait: the time of day may jump
 */
record Moment(Instant wall, long mark) {
  private static final Duration LONG_AGO = Duration.ofDays(30);

  static Moment of(Time time) {
    return new Moment(time.now(), time.mark());
  }

  /** What has passed since an earlier moment. */
  Duration since(Moment earlier) {
    return Duration.ofNanos(mark - earlier.mark);
  }

  /** The mark that lies so far ahead. */
  long in(Duration wait) {
    return mark + wait.toNanos();
  }

  /** Whether a mark has been reached. */
  boolean reached(long point) {
    return mark - point >= 0;
  }

  /**
   * Places a time of day from before a restart of the agent on the forward clock. One that lies
   * ahead counts as now, so that a clock set back never loosens a limit.
   */
  Moment recalled(Instant then) {
    Duration age = Duration.between(then, wall);
    if (age.isNegative()) {
      return new Moment(then, mark);
    }
    Duration bounded = age.compareTo(LONG_AGO) > 0 ? LONG_AGO : age;
    return new Moment(then, mark - bounded.toNanos());
  }
}
