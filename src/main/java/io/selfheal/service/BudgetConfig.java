package io.selfheal.service;

import io.selfheal.config.Section;
import io.selfheal.message.Money;
import io.selfheal.message.ServiceRequests.Period;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * {@code budget} of a service.
 *
 * @param amount {@code amount}, above 0 to a billion; held in millionths
 * @param currency {@code currency}, three capital letters, default USD
 * @param per {@code per}, day or month, default day
 * @param zone {@code time_zone} in which the day or month begins, default UTC
 * @param warnAt {@code warn_at}, above 0 to 1, default 0.8: the used share that is told
 */
record BudgetConfig(long amount, String currency, Period per, ZoneId zone, double warnAt) {
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,10}(\\.\\d{1,6})?");

  static Optional<BudgetConfig> from(Section section) {
    String amount = section.required("amount", "write what it may cost, such as 10.00");
    String currency = section.text("currency", "USD");
    Period per = section.choice("per", Period.DAY, Period.class);
    ZoneId zone = zone(section);
    double warnAt = section.share("warn_at", 0.8);
    if (!CURRENCY.matcher(currency).matches()) {
      section.reject(
          "currency",
          "\"" + currency + "\" is not a currency",
          "three capital letters, such as EUR");
    }
    if (warnAt == 0) {
      section.reject("warn_at", "is 0, so that it would warn at once", "a share such as 80%");
    }
    if (amount.isBlank()) {
      return Optional.empty();
    }
    OptionalLong micros = micros(amount);
    if (micros.isEmpty()) {
      section.reject(
          "amount",
          "\"" + amount + "\" is not an amount",
          "above 0, at most a billion, with at most six decimals, such as 10.00");
      return Optional.empty();
    }
    return Optional.of(new BudgetConfig(micros.getAsLong(), currency, per, zone, warnAt));
  }

  private static OptionalLong micros(String text) {
    if (!DECIMAL.matcher(text.strip()).matches()) {
      return OptionalLong.empty();
    }
    OptionalLong micros = Money.micros(new BigDecimal(text.strip()));
    return micros.orElse(0) > 0 ? micros : OptionalLong.empty();
  }

  private static ZoneId zone(Section section) {
    String name = section.text("time_zone", "UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      section.reject(
          "time_zone", "\"" + name + "\" is not a time zone", "such as UTC or Europe/Berlin");
      return ZoneOffset.UTC;
    }
  }
}
