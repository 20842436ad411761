package io.selfheal.heal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The guardrail that keeps a crash loop from going on for ever: so many restarts of one slot within
 * a window, with a growing pause between them, and then a person.
 */
final class RestartLimit {
  private static final Duration HEALTHY = Duration.ofHours(1);

  private RestartLimit() {}

  /** What it says. */
  sealed interface Ruling {
    /** Why. */
    String reason();

    /** The restart may go ahead. */
    record Allowed(String reason) implements Ruling {}

    /** Not before a mark. */
    record Wait(long until, String reason) implements Ruling {}

    /** Not by the agent. */
    record Beyond(String reason) implements Ruling {}
  }

  /**
   * Judges the next restart.
   *
   * @param restarts earlier ones of the slot, oldest first
   */
  static Ruling judge(List<Moment> restarts, Moment now, HealConfig config) {
    List<Moment> streak = streak(restarts, now);
    long within =
        streak.stream()
            .filter(restart -> now.since(restart).compareTo(config.window()) < 0)
            .count();
    String window = Words.duration(config.window());
    if (within >= config.restarts()) {
      String times = Words.count(within, "restart");
      return new Ruling.Beyond(
          "%s within %s; the limit is %d".formatted(times, window, config.restarts()));
    }
    String ordinal = "restart %d of %d within %s".formatted(within + 1, config.restarts(), window);
    if (streak.isEmpty()) {
      return new Ruling.Allowed(ordinal);
    }
    Duration pause = pause(streak.size(), config);
    Moment last = streak.getLast();
    if (now.reached(last.in(pause))) {
      return new Ruling.Allowed(ordinal);
    }
    return new Ruling.Wait(
        last.in(pause),
        "%s waits until %s after the one at %s"
            .formatted(ordinal, Words.duration(pause), last.wall()));
  }

  /** The restarts since the last healthy hour. */
  static List<Moment> streak(List<Moment> restarts, Moment now) {
    List<Moment> streak = new ArrayList<>();
    Moment later = now;
    for (Moment restart : restarts.reversed()) {
      if (later.since(restart).compareTo(HEALTHY) >= 0) {
        break;
      }
      streak.addFirst(restart);
      later = restart;
    }
    return streak;
  }

  private static Duration pause(int earlier, HealConfig config) {
    return doubled(config.backoff(), earlier - 1, config.backoffMax());
  }

  /** {@code base × 2^times}, at most {@code most}. */
  static Duration doubled(Duration base, int times, Duration most) {
    Duration pause = base;
    for (int i = 0; i < times && pause.compareTo(most) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(most) < 0 ? pause : most;
  }
}
