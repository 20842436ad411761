package io.selfheal.message;

/** Whether a symptom is there. */
public enum Presence {
  /** The enter-condition holds. */
  PRESENT,
  /** Neither condition holds: it is as it was. */
  BETWEEN,
  /** The leave-condition holds. */
  ABSENT,
  /** There is no data, or none that can be trusted now: it is as it was, and no time counts. */
  UNKNOWN,
  /** The subject is no more: what is counted of it is forgotten. */
  GONE
}
