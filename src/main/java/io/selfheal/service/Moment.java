package io.selfheal.service;

import io.selfheal.bus.Time;
import java.time.Instant;

/**
 * Now.
 *
 * @param mark on the clock that only goes forward, in nanoseconds: all that waits is measured by it
 * @param wall the time of day, in milliseconds since 1970: for people, for the day of a budget, and
 *     over a restart; it may jump
 */
record Moment(long mark, long wall) {
  /** Now, with the time of day read for it: for what is done once in a while. */
  static Moment of(Time time) {
    return new Moment(time.mark(), time.wall().millis());
  }

  Instant instant() {
    return Instant.ofEpochMilli(wall);
  }

  /** The time of day at another mark. */
  Instant at(long otherMark) {
    return Instant.ofEpochMilli(wall + (otherMark - mark) / 1_000_000);
  }
}
