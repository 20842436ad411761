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
 * @param run what the newest reading said that was neither unknown nor between; null at first, and
 *     after one between: time counts only from one such reading to the next
 * @param last the mark of the newest reading, when it said there or gone; null otherwise
 */
record Condition(
    boolean seen, Duration there, Duration gone, @Nullable Presence run, @Nullable Long last) {
  /** Nothing was read yet. */
  static final Condition NEW = new Condition(false, Duration.ZERO, Duration.ZERO, null, null);

  /**
   * After a reading.
   *
   * @param lasting how long it must be there to count
   * @param clear how long it must be gone to count as gone
   */
  Condition next(Presence presence, long mark, Duration lasting, Duration clear) {
    boolean goesOn = presence == run;
    Duration passed =
        last == null || !goesOn ? Duration.ZERO : Duration.ofNanos(Math.max(0, mark - last));
    return switch (presence) {
      case PRESENT -> {
        Duration now = goesOn ? there.plus(passed) : Duration.ZERO;
        boolean counts = seen || now.compareTo(lasting) >= 0;
        yield new Condition(counts, now, Duration.ZERO, presence, mark);
      }
      case ABSENT -> {
        Duration now = goesOn ? gone.plus(passed) : Duration.ZERO;
        boolean counts = seen && now.compareTo(clear) < 0;
        yield new Condition(counts, Duration.ZERO, now, presence, mark);
      }
      case BETWEEN -> new Condition(seen, Duration.ZERO, Duration.ZERO, null, null);
      case UNKNOWN, GONE -> unwatched();
    };
  }

  /** From here on nothing is known until the next reading: the time up to it does not count. */
  Condition unwatched() {
    return new Condition(seen, there, gone, run, null);
  }
}
