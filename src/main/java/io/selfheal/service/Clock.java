package io.selfheal.service;

import io.selfheal.bus.Time;

/**
 * The time for the guard. The time of day is read at each tick only, and counted on from there by
 * the forward clock: reading a second clock would be a fifth of what a permit costs.
 */
final class Clock {
  private final Time time;
  private long setMark;
  private long setWall;

  Clock(Time time) {
    this.time = time;
    set();
  }

  /** Reads the time of day. */
  void set() {
    setMark = time.mark();
    setWall = time.wall().millis();
  }

  Moment now() {
    long mark = time.mark();
    return new Moment(mark, setWall + (mark - setMark) / 1_000_000);
  }
}
