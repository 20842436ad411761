package io.selfheal.remedy;

import io.selfheal.bus.Time;
import io.selfheal.rule.Task;
import java.time.Duration;

/**
 * How long an act goes on by itself: somewhat less than its deadline, so that it can still say what
 * it has done. At the deadline it is interrupted, and that answer would be lost.
 */
record Allowance(Time time, long start, Duration most) {
  static Allowance of(Task task) {
    Time time = task.around().time();
    return new Allowance(time, time.mark(), task.deadline().multipliedBy(9).dividedBy(10));
  }

  /**
   * Whether it is used up.
   *
   * @throws InterruptedException when the thread was interrupted
   */
  boolean over() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted");
    }
    return time.since(start).compareTo(most) > 0;
  }
}
