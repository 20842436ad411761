package io.selfheal.symptom;

import java.time.Duration;
import java.util.Locale;

/** Sentences' parts for operators. Pure. */
final class Spoken {
  private static final double YEAR_SECONDS = 365 * 86400.0;

  private Spoken() {}

  /** 0.4 s, 12 s, 3 min, 5 h, 4 d. */
  static String of(Duration duration) {
    return seconds(duration.toMillis() / 1000.0);
  }

  /** The same; more than a year is so. */
  static String seconds(double any) {
    double seconds = Math.max(0, any);
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 180) {
      return Math.round(seconds) + " s";
    }
    if (seconds < 3 * 3600) {
      return Math.round(seconds / 60) + " min";
    }
    if (seconds > YEAR_SECONDS) {
      return "more than a year";
    }
    return seconds < 48 * 3600
        ? Math.round(seconds / 3600) + " h"
        : Math.round(seconds / 86400) + " d";
  }

  /** With one decimal. */
  static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
