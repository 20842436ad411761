package io.selfheal.job;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many rescues may still be made: at most so many in any minute, by the forward clock. Rescues
 * of one second are kept as one, at its end, so that a minute is never too short.
 */
final class Cap {
  static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final int most;
  private final Deque<Spent> spent = new ArrayDeque<>();
  private int sum;

  /**
   * @param most rescues in a minute
   */
  Cap(int most) {
    this.most = most;
  }

  private record Spent(long first, long last, int count) {}

  /** How many more may be made now. */
  int room(long now) {
    while (!spent.isEmpty() && passed(spent.peekFirst().last(), now).compareTo(MINUTE) >= 0) {
      sum -= spent.removeFirst().count();
    }
    return Math.max(0, most - sum);
  }

  /** So many were made. */
  void spend(int count, long now) {
    if (count == 0) {
      return;
    }
    sum += count;
    Spent last = spent.peekLast();
    if (last != null && passed(last.first(), now).compareTo(SECOND) < 0) {
      spent.removeLast();
      spent.addLast(new Spent(last.first(), now, last.count() + count));
      return;
    }
    spent.addLast(new Spent(now, now, count));
  }

  /** What is said when there is no room. */
  String reached() {
    return "stopped after "
        + most
        + " rescues within a minute (max_per_minute); the rest follows when the minute is over";
  }

  private static Duration passed(long mark, long now) {
    return Duration.ofNanos(now - mark);
  }
}
