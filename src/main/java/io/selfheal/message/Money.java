package io.selfheal.message;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * Amounts of money: whole millionths of a currency's unit inside, decimals for people. Never binary
 * fractions, in which 0.1 is not 0.1.
 */
public final class Money {
  /** The largest amount, in millionths: a billion. */
  public static final long MOST = 1_000_000_000_000_000L;

  /** Far above every sum that means anything, and far below where a long turns over. */
  private static final long MOST_SUM = Long.MAX_VALUE / 4;

  private static final int PLACES = 6;
  private static final BigDecimal MOST_DECIMAL = BigDecimal.valueOf(MOST, PLACES);

  private Money() {}

  /**
   * Millionths. What is finer is rounded up, so that nothing is spent for nothing.
   *
   * @return empty when the amount is negative or above a billion
   */
  public static OptionalLong micros(BigDecimal amount) {
    // Compared before it is scaled: 1e308 and 1e-999999 would take their size in digits.
    if (amount.signum() < 0 || amount.compareTo(MOST_DECIMAL) > 0) {
      return OptionalLong.empty();
    }
    if (amount.signum() == 0) {
      return OptionalLong.of(0);
    }
    if (amount.precision() - (long) amount.scale() < -PLACES) {
      return OptionalLong.of(1);
    }
    return OptionalLong.of(
        amount.setScale(PLACES, RoundingMode.CEILING).unscaledValue().longValueExact());
  }

  /** A sum, in millionths. It stops far up and never turns over: that would make all free again. */
  public static long sum(long some, long more) {
    return more > MOST_SUM - some ? MOST_SUM : some + more;
  }

  /** An amount as people write it, with two decimals at least. */
  public static BigDecimal decimal(long micros) {
    BigDecimal exact = BigDecimal.valueOf(micros, PLACES).stripTrailingZeros();
    return exact.scale() < 2 ? exact.setScale(2) : exact;
  }
}
