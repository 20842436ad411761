package io.selfheal.host;

import java.time.Duration;
import java.util.OptionalDouble;

/** Rates from two readings of a counter. Pure. */
final class Rates {
  private Rates() {}

  /**
   * Growth in a second; empty when the counter went backwards or wrapped, or no time has passed.
   */
  static OptionalDouble perSecond(long before, long now, Duration elapsed) {
    if (before < 0 || now < before || elapsed.isZero() || elapsed.isNegative()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of((now - before) * 1e9 / elapsed.toNanos());
  }
}
