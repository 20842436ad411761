package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Presence;
import java.time.Duration;
import java.util.Optional;

/**
 * When the time until something is used up is too short. Pure.
 *
 * @param enter it is, at most so long
 * @param leave it is not, from so long
 */
record TimeLeft(Duration enter, Duration leave) {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(365);

  /** Reads {@code time_left}; empty when it is not to be judged. */
  static Optional<TimeLeft> from(Section enter, Section leave) {
    if (!enter.has("time_left")) {
      return Optional.empty();
    }
    Duration upper = enter.duration("time_left", Duration.ofHours(1), LEAST, MOST);
    Duration lower =
        leave.duration("time_left", upper.multipliedBy(2), LEAST, MOST.multipliedBy(2));
    if (lower.compareTo(upper) < 0) {
      leave.reject("time_left", "is shorter than what enter says", "at least as long");
    }
    return Optional.of(new TimeLeft(upper, lower));
  }

  /** What a trend says of what is left. */
  Presence of(Optional<Trend> trend, double left) {
    if (trend.isEmpty()) {
      return Presence.UNKNOWN;
    }
    Trend known = trend.get();
    if (known.rises() && left / known.low() <= enter.toMillis() / 1e3) {
      return Presence.PRESENT;
    }
    return seconds(known, left) < leave.toMillis() / 1e3 ? Presence.BETWEEN : Presence.ABSENT;
  }

  /** After how many seconds all is used up, most likely; infinite when the use does not rise. */
  static double seconds(Trend trend, double left) {
    return trend.rises() ? left / trend.perSecond() : Double.POSITIVE_INFINITY;
  }
}
