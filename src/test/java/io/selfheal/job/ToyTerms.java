package io.selfheal.job;

/**
 * What the operator asked of the agents.
 *
 * @param actOnUnknown whether age alone may decide
 * @param poison whether deaths put a job aside
 */
record ToyTerms(boolean actOnUnknown, boolean poison) {
  /** So many. */
  static final int POISON_AFTER = 2;

  /** The keys of the source. */
  String keys() {
    return "act_on_unknown: %s\npoison_after: %d"
        .formatted(actOnUnknown, poison ? POISON_AFTER : 0);
  }
}
