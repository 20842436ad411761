package io.selfheal.symptom;

import io.selfheal.config.Quantity;
import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * From which stall on the kernel tells by itself. Pure.
 *
 * @param stalled some task waited for so long
 * @param window within this time; the kernel allows 0.5 to 10 s, and whoever lacks CAP_SYS_RESOURCE
 *     multiples of 2 s only
 */
record StallLimit(Duration stalled, Duration window) {
  private static final String NEVER = "never";
  private static final Duration LEAST_WINDOW = Duration.ofMillis(500);
  private static final Duration MOST_WINDOW = Duration.ofSeconds(10);

  /** A spike of less than a second is over within it; and it is allowed without any capability. */
  private static final Duration USUAL_WINDOW = Duration.ofSeconds(4);

  /**
   * Reads {@code stalled: 150ms of 2s}, or {@code never}.
   *
   * @param some the share of time that counts by the means; by default the same share of 4 s
   * @return empty when the kernel need not tell
   */
  static Optional<StallLimit> from(Section enter, double some) {
    String written = enter.text("stalled", usual(some).map(StallLimit::words).orElse(NEVER));
    if (written.strip().equals(NEVER)) {
      return Optional.empty();
    }
    Optional<StallLimit> read = parse(written).filter(StallLimit::allowed);
    if (read.isEmpty()) {
      enter.reject(
          "stalled",
          "\"" + written + "\" is not how long of how long",
          "such as 150ms of 2s: more than 0, within 500ms to 10s; or never");
    }
    return read;
  }

  /** Empty when nothing, or every moment, would count. */
  private static Optional<StallLimit> usual(double some) {
    Duration stalled = Duration.ofMillis(Math.round(some * USUAL_WINDOW.toMillis()));
    return Optional.of(new StallLimit(stalled, USUAL_WINDOW)).filter(StallLimit::allowed);
  }

  private static Optional<StallLimit> parse(String text) {
    String[] parts = text.split("\\bof\\b", -1);
    if (parts.length != 2) {
      return Optional.empty();
    }
    Optional<Duration> window = Quantity.duration(parts[1]);
    return Quantity.duration(parts[0])
        .flatMap(stalled -> window.map(within -> new StallLimit(stalled, within)));
  }

  private boolean allowed() {
    return stalled.isPositive()
        && stalled.compareTo(window) <= 0
        && window.compareTo(LEAST_WINDOW) >= 0
        && window.compareTo(MOST_WINDOW) <= 0;
  }

  /** Whether a stall of so much within a time is also one of this: a share cannot be told of. */
  boolean within(Duration otherStalled, Duration otherWindow) {
    return otherStalled.compareTo(stalled) >= 0 && otherWindow.compareTo(window) <= 0;
  }

  /** What is written into a file of the kernel; in microseconds. */
  String forKernel() {
    return "some " + stalled.toNanos() / 1000 + " " + window.toNanos() / 1000;
  }

  /** 150 ms of 2000 ms. */
  private String words() {
    return stalled.toMillis() + "ms of " + window.toMillis() + "ms";
  }
}
