package io.selfheal.remedy;

import java.time.Duration;

/**
 * How a command's time is shared out, so that it is seen to end before its rung's deadline, and its
 * output is kept. Pure.
 *
 * @param run how long it may run before TERM
 * @param grace from TERM to KILL
 * @param gone from KILL until it must be gone
 */
record CommandTimes(Duration run, Duration grace, Duration gone) {
  private static final Duration MOST_GONE = Duration.ofSeconds(1);

  /**
   * @param deadline of the rung
   * @param grace as configured; at most a quarter of the deadline is kept for it
   */
  static CommandTimes of(Duration deadline, Duration grace) {
    Duration kept = lesser(grace, deadline.dividedBy(4));
    Duration gone = lesser(MOST_GONE, deadline.dividedBy(8));
    // Half of the last part is for the answer's own way.
    return new CommandTimes(deadline.minus(kept).minus(gone), kept, gone.dividedBy(2));
  }

  private static Duration lesser(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
