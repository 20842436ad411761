package io.selfheal.journal;

import java.util.Optional;

/** Decides what goes when there is no room. */
final class Eviction {
  private Eviction() {}

  /**
   * What is held.
   *
   * @param bytes of all events
   * @param written how many of the oldest are in PostgreSQL too
   * @param samples how many samples are not
   * @param facts how many events that are neither samples nor of an incident are not
   */
  record Held(long bytes, long written, long samples, long facts) {}

  /** One step. */
  enum Step {
    /** The oldest event; PostgreSQL has it. */
    OLDEST_WRITTEN,
    /** The oldest sample: it is lost. */
    OLDEST_SAMPLE,
    /** The oldest event that is not of an incident: it is lost. */
    OLDEST_FACT
  }

  /** The next step; empty when there is room, or nothing more may go. */
  static Optional<Step> next(Held held, long limit) {
    if (held.bytes <= limit) {
      return Optional.empty();
    }
    if (held.written > 0) {
      return Optional.of(Step.OLDEST_WRITTEN);
    }
    if (held.samples > 0) {
      return Optional.of(Step.OLDEST_SAMPLE);
    }
    return held.facts > 0 ? Optional.of(Step.OLDEST_FACT) : Optional.empty();
  }
}
