package io.selfheal.live;

/**
 * Offsets of which the client does not get every event that it wants.
 *
 * @param from the first
 * @param to the last
 */
record Gap(long from, long to, Reason reason) implements Piece {
  /** Why. */
  enum Reason {
    /** Older samples of a subject gave way to newer ones while the client was behind. */
    SAMPLES_COALESCED,
    /** The place that the client named is in a log that was lost. */
    EPOCH_CHANGED,
    /** The journal does not hold them. */
    NOT_HELD,
    /** The journal holds them, perhaps, and does not answer. */
    JOURNAL_UNAVAILABLE,
    /** They never reached the live stream; the journal may hold them. */
    MISSED
  }
}
