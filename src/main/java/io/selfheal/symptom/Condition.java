package io.selfheal.symptom;

import io.selfheal.message.Presence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts for one subject of one rule how long its symptom has been there, or gone. Pure.
 *
 * <p>Both must hold without a break: a reading between the two thresholds begins anew. While there
 * is no data no time counts, and what was counted stays.
 *
 * @param seen whether it counts as there
 * @param there how long it has been there
 * @param gone how long it has been gone
 * @param last the mark of the newest reading, when it said there or gone; null otherwise
 */
record Condition(boolean seen, Duration there, Duration gone, @Nullable Long last) {
  /** Nothing was read yet. */
  static final Condition NEW = new Condition(false, Duration.ZERO, Duration.ZERO, null);

  /**
   * After a reading.
   *
   * @param lasting how long it must be there to count
   * @param clear how long it must be gone to count as gone
   */
  Condition next(Presence presence, long mark, Duration lasting, Duration clear) {
    Duration passed = last == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, mark - last));
    return switch (presence) {
      case PRESENT -> {
        Duration now = gone.isZero() ? there.plus(passed) : Duration.ZERO;
        yield new Condition(seen || now.compareTo(lasting) >= 0, now, Duration.ZERO, mark);
      }
      case ABSENT -> {
        Duration now = there.isZero() ? gone.plus(passed) : Duration.ZERO;
        yield new Condition(seen && now.compareTo(clear) < 0, Duration.ZERO, now, mark);
      }
      case BETWEEN -> new Condition(seen, Duration.ZERO, Duration.ZERO, null);
      case UNKNOWN, GONE -> new Condition(seen, there, gone, null);
    };
  }
}
