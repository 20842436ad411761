package io.selfheal.job;

import java.time.Duration;

/**
 * What the operator asked of the agents.
 *
 * @param actOnUnknown whether age alone may decide
 * @param poison whether deaths put a job aside
 */
record ToyTerms(boolean actOnUnknown, boolean poison) {
  /** So many. */
  static final int POISON_AFTER = 2;

  /** Longer than all moments of a history together. */
  static final Duration STUCK_AFTER = Duration.ofMinutes(1);

  /** The keys of the source. */
  String keys() {
    return "act_on_unknown: %s\npoison_after: %d\nstuck_after: %ds"
        .formatted(actOnUnknown, poison ? POISON_AFTER : 0, STUCK_AFTER.toSeconds());
  }
}
