package io.selfheal.service;

import io.selfheal.config.Quantity;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token bucket: so many units at once, and as many again over a time. Its state is one number,
 * the mark at which it is full again (the generic cell rate algorithm, ATM Forum TM 4.0). Pure.
 *
 * @param amount 1 to 1,000,000,000
 * @param per 1s to 31d
 */
record Rate(long amount, Duration per) {
  private static final long MOST = 1_000_000_000L;

  /** Times of {@code per}. */
  private static final int MOST_OWED = 10;

  private static final Pattern FORM = Pattern.compile("(\\d{1,10})\\s*/\\s*(\\S{1,20})");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "sec", Duration.ofSeconds(1),
          "second", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "min", Duration.ofMinutes(1),
          "minute", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "hour", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "day", Duration.ofDays(1));

  /** {@code 60/min}, {@code 10/s}, {@code 500/10s}; empty when it is not one. */
  static Optional<Rate> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    String time = matcher.group(2).toLowerCase(Locale.ROOT);
    return Optional.ofNullable(UNITS.get(time))
        .or(() -> Quantity.duration(time))
        .filter(per -> per.toMillis() >= 1000 && per.toDays() <= 31)
        .filter(per -> amount >= 1 && amount <= MOST)
        .map(per -> new Rate(amount, per));
  }

  /**
   * How long to wait before units can be taken, in nanoseconds; 0: they can be taken now. More
   * units than there ever are can be taken when it is full: they are paid off afterwards.
   */
  long waitNanos(long fullAt, long now, long units) {
    long owed = Math.max(0, fullAt - now);
    return Math.max(0, owed - Math.max(0, per.toNanos() - nanosOf(units)));
  }

  /**
   * The state after units were taken. What is owed is never more than a few times what there is:
   * one wrong number must not keep everybody waiting for ever.
   */
  long taken(long fullAt, long now, long units) {
    long most = MOST_OWED * per.toNanos();
    long owed = Math.max(0, fullAt - now);
    return now + Math.min(most, owed + Math.min(most, nanosOf(units)));
  }

  /** What can be taken at once now. */
  long free(long fullAt, long now) {
    long owed = Math.max(0, fullAt - now);
    double share = (double) (per.toNanos() - owed) / per.toNanos();
    // Of 60 units 59 are free after one was taken, and not 58.999999999.
    return Math.max(0, (long) Math.floor(share * amount + 1e-6));
  }

  /** How long it takes for units to come back. Time, not money: a fraction may be rounded up. */
  private long nanosOf(long units) {
    return (long) Math.ceil((double) units / amount * per.toNanos());
  }

  @Override
  public String toString() {
    return amount + " in " + Words.of(per);
  }
}
