package io.selfheal.job;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recognises each {@link Trouble}; says it in words, or nothing. Pure. */
final class Signs {
  /**
   * A look with an index takes some milliseconds, and one through ten million rows in memory a
   * third of a second. Beyond this the database has trouble of its own; its limit is 5 s.
   */
  static final Duration SLOW_LOOK = Duration.ofSeconds(2);

  /** A pause of the collector or a busy processor delays a tick by less. */
  static final Duration LEAST_LATE = Duration.ofSeconds(5);

  /** However rarely is looked, a delay of so much is no chance. */
  static final Duration MOST_LATE = Duration.ofMinutes(1);

  /** One to four workers do die together, as when a machine or a deployment goes. */
  static final int STORM_HOLDERS = 5;

  /**
   * The share of ten seconds in which some task waited. Half-busy hosts stay well below; beyond it
   * whoever must write a heartbeat waits more than he runs.
   */
  static final double PRESSED = 0.6;

  private Signs() {}

  /**
   * A look that came late by more than its interval.
   *
   * @param pause since the look before had ended
   */
  static Optional<String> late(Duration pause, Duration every) {
    Duration late = pause.minus(every);
    return late.compareTo(allowed(every)) <= 0
        ? Optional.empty()
        : Optional.of(
            "the agent was suspended or starved: a look came " + Ages.text(late) + " late");
  }

  private static Duration allowed(Duration every) {
    Duration most = every.compareTo(MOST_LATE) > 0 ? MOST_LATE : every;
    return most.compareTo(LEAST_LATE) < 0 ? LEAST_LATE : most;
  }

  /** A database that answers slowly, or not within the limit of the statement. */
  static Optional<String> slow(Duration took) {
    return took.compareTo(SLOW_LOOK) <= 0
        ? Optional.empty()
        : Optional.of(
            "the database is slow: one look took "
                + Ages.text(took)
                + ", and "
                + Ages.text(SLOW_LOOK)
                + " is the limit");
  }

  /** Many stale holders, and no fewer than half of all. */
  static Optional<String> storm(int stale, int seen) {
    return stale < STORM_HOLDERS || stale * 2 < seen
        ? Optional.empty()
        : Optional.of(
            stale + " of " + seen + " holders look stale at once, which is rarely so many deaths");
  }

  /** A host that stalls; without data it does not. */
  static Optional<String> pressed(HostSample sample) {
    List<Pressure> pressures = sample.pressure();
    return pressures == null
        ? Optional.empty()
        : pressures.stream()
            .filter(stall -> stall.someTenSeconds() > PRESSED)
            .findFirst()
            .map(Signs::stalled);
  }

  private static String stalled(Pressure stall) {
    return String.format(
        Locale.ROOT,
        "this host stalls: tasks waited for %s in %.0f %% of the last 10 s, and %.0f %% is the"
            + " limit",
        stall.resource(),
        100 * stall.someTenSeconds(),
        100 * PRESSED);
  }
}
