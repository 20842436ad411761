package io.selfheal.symptom;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel told last of stalls. Pure.
 *
 * <p>It tells once within a window, and of a stall that goes on again in the next one, up to 2 s
 * late where its triggers are those of whoever lacks CAP_SYS_RESOURCE. So a word counts until the
 * next one must have come. That it is silent tells that there is no such stall only to whoever has
 * a trigger: therefore the means are asked then.
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
