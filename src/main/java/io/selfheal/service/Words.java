package io.selfheal.service;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Durations for people. */
final class Words {
  private Words() {}

  /** {@code 30s}, {@code 1m30s}, {@code 150ms}. */
  static String of(Duration duration) {
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + "ms";
    }
    String iso = duration.truncatedTo(ChronoUnit.SECONDS).toString();
    return iso.substring(2).toLowerCase(Locale.ROOT);
  }
}
