package io.selfheal.symptom;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel told last of stalls. Pure.
 *
 * <p>It tells once within a window, and of a stall that goes on again in the next one; up to 2 s
 * later where the agent lacks CAP_SYS_RESOURCE. So a word counts until the next one must have come.
 *
 * @param at when; null when it told nothing
 * @param mark the same on the forward clock
 */
record StallWord(@Nullable Instant at, long mark) {
  /** It told nothing. */
  static final StallWord NONE = new StallWord(null, 0);

  private static final Duration LATE = Duration.ofMillis(2500);

  /** Whether tasks wait by it. */
  boolean counts(StallLimit limit, long now) {
    return at != null && now - mark <= limit.window().plus(LATE).toNanos();
  }
}
