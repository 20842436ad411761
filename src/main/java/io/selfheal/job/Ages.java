package io.selfheal.job;

import java.time.Duration;

/** Durations as an operator reads them. Pure. */
final class Ages {
  private Ages() {}

  /** Two units at most: {@code 850 ms}, {@code 12 s}, {@code 45 min 3 s}, {@code 2 d 4 h}. */
  static String text(Duration age) {
    if (age.compareTo(Duration.ofSeconds(1)) < 0) {
      return age.toMillis() + " ms";
    }
    if (age.compareTo(Duration.ofMinutes(1)) < 0) {
      return age.toSeconds() + " s";
    }
    if (age.compareTo(Duration.ofHours(1)) < 0) {
      return two(age.toMinutes(), "min", age.toSecondsPart(), "s");
    }
    if (age.compareTo(Duration.ofDays(1)) < 0) {
      return two(age.toHours(), "h", age.toMinutesPart(), "min");
    }
    return two(age.toDays(), "d", age.toHoursPart(), "h");
  }

  private static String two(long large, String unit, int small, String part) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
  }
}
