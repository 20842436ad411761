package io.selfheal.service;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code limits} of a service.
 *
 * @param rate {@code rate}, such as 60/min: calls; default: not limited
 * @param tokens {@code tokens}, such as 90000/min: of the unit that workers name with each permit;
 *     default: not limited
 * @param concurrent {@code concurrent}, 1 to 10,000: calls at once; 0, the default: not limited
 * @param permitExpiry {@code permit_expiry}, 100ms to 24h, default 60s: a permit that is not
 *     reported for so long lapses
 */
record LimitsConfig(
    Optional<Rate> rate, Optional<Rate> tokens, int concurrent, Duration permitExpiry) {
  static final LimitsConfig DEFAULT =
      new LimitsConfig(Optional.empty(), Optional.empty(), 0, Duration.ofSeconds(60));

  static final int MOST_CONCURRENT = 10_000;

  static LimitsConfig from(Section section) {
    return new LimitsConfig(
        rate(section, "rate"),
        rate(section, "tokens"),
        section.integer("concurrent", 0, 0, MOST_CONCURRENT),
        section.duration(
            "permit_expiry", DEFAULT.permitExpiry, Duration.ofMillis(100), Duration.ofDays(1)));
  }

  private static Optional<Rate> rate(Section section, String name) {
    Optional<String> text = section.text(name);
    Optional<Rate> rate = text.flatMap(Rate::parse);
    if (text.isPresent() && rate.isEmpty()) {
      section.reject(
          name,
          "\"" + text.get() + "\" is not a rate",
          "write a whole number and a time, such as 60/min, 10/s or 500/10s");
    }
    return rate;
  }
}
