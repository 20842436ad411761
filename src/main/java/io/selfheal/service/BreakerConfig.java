package io.selfheal.service;

import io.selfheal.config.Quantity;
import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code breaker} of a service: when it opens, how long it waits, and when it closes.
 *
 * @param window {@code window}, 1s to 1h, default 60s: what the rates are of
 * @param failureRate {@code failure_rate}, above 0 to 1, default 0.5: opens at this share of
 *     failures
 * @param minimumCalls {@code minimum_calls}, 1 to 1,000,000, default 10: with fewer calls in the
 *     window no rate opens it
 * @param consecutive {@code consecutive}, 0 to 1,000,000, default 5: opens at so many failures in a
 *     row within the window; 0 is never
 * @param slowCall {@code slow_call}, 1ms to 24h, default 30s: a call that takes this long is slow
 * @param slowRate {@code slow_rate}, above 0 to 1, default 0.8: opens at this share of slow calls
 * @param openLeast {@code open_for: LEAST..MOST}, 10ms to 24h, default 5s..5m: how long it stays
 *     open the first time; twice as long each further time, give or take a fifth
 * @param openMost where the doubling ends
 * @param probes {@code probes}, 1 to 100, default 3: calls at once while it looks
 * @param closeAfter {@code close_after}, 1 to 100, default 2: so many successful ones close it
 * @param quorum {@code shared: {quorum}}, 0 to 1000, default 2: opens, too, when so many other
 *     agents on the same database have it open by their own experience; 0 is never
 */
record BreakerConfig(
    Duration window,
    double failureRate,
    int minimumCalls,
    int consecutive,
    Duration slowCall,
    double slowRate,
    Duration openLeast,
    Duration openMost,
    int probes,
    int closeAfter,
    int quorum) {
  static final BreakerConfig DEFAULT =
      new BreakerConfig(
          Duration.ofSeconds(60),
          0.5,
          10,
          5,
          Duration.ofSeconds(30),
          0.8,
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          3,
          2,
          2);

  private static final int MANY = 1_000_000;
  private static final Duration DAY = Duration.ofDays(1);
  private static final String HINT = "write one duration, or two such as 5s..5m, from 10ms to 24h";

  private record Range(Duration least, Duration most) {}

  static BreakerConfig from(Section section) {
    Range open = open(section);
    return new BreakerConfig(
        section.duration("window", DEFAULT.window, Duration.ofSeconds(1), Duration.ofHours(1)),
        share(section, "failure_rate", DEFAULT.failureRate),
        section.integer("minimum_calls", DEFAULT.minimumCalls, 1, MANY),
        section.integer("consecutive", DEFAULT.consecutive, 0, MANY),
        section.duration("slow_call", DEFAULT.slowCall, Duration.ofMillis(1), DAY),
        share(section, "slow_rate", DEFAULT.slowRate),
        open.least,
        open.most,
        section.integer("probes", DEFAULT.probes, 1, 100),
        section.integer("close_after", DEFAULT.closeAfter, 1, 100),
        quorum(section));
  }

  private static int quorum(Section section) {
    return section.says("shared")
        ? section.section("shared").integer("quorum", DEFAULT.quorum, 0, 1000)
        : DEFAULT.quorum;
  }

  private static double share(Section section, String name, double fallback) {
    double share = section.share(name, fallback);
    if (share == 0) {
      section.reject(name, "is 0, so that it would open at once", "a share above 0, such as 50%");
    }
    return share;
  }

  private static Range open(Section section) {
    String text = section.text("open_for", "5s..5m");
    int dots = text.indexOf("..");
    Optional<Duration> least = bound(dots < 0 ? text : text.substring(0, dots));
    Optional<Duration> most = dots < 0 ? least : bound(text.substring(dots + 2));
    if (least.isEmpty() || most.isEmpty()) {
      section.reject("open_for", "\"" + text + "\" is not a range of durations", HINT);
      return new Range(DEFAULT.openLeast, DEFAULT.openMost);
    }
    if (least.get().compareTo(most.get()) > 0) {
      section.reject("open_for", "\"" + text + "\" ends before it begins", HINT);
    }
    return new Range(least.get(), most.get());
  }

  private static Optional<Duration> bound(String text) {
    return Quantity.duration(text)
        .filter(value -> value.toMillis() >= 10 && value.compareTo(DAY) <= 0);
  }
}
