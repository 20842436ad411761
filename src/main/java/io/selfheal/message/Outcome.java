package io.selfheal.message;

/** How an attempt ended. */
public enum Outcome {
  /** It did what it was for. */
  DONE,
  /** There was nothing left to do: it had been done already. */
  ALREADY_DONE,
  /** It could not be done now, for a reason that passes; it is tried again. */
  DEFERRED,
  /** It is not ours to do. */
  REFUSED,
  /** It is not wanted: somebody stopped it on purpose. */
  UNWANTED,
  /** It failed. */
  FAILED
}
