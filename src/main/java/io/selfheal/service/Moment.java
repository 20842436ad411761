package io.selfheal.service;

import java.time.Instant;

/**
 * Now.
 *
 * @param mark on the clock that only goes forward, in nanoseconds: all that waits is measured by it
 * @param wall the time of day, in milliseconds since 1970: for people, for the day of a budget, and
 *     over a restart; it may jump
 */
record Moment(long mark, long wall) {
  Instant instant() {
    return Instant.ofEpochMilli(wall);
  }

  /** The time of day at another mark. */
  Instant at(long otherMark) {
    return Instant.ofEpochMilli(wall + (otherMark - mark) / 1_000_000);
  }
}
