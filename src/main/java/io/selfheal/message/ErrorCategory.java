package io.selfheal.message;

/** What kind of answer a failure calls for. */
public enum ErrorCategory {
  /** It goes away by itself. */
  TRANSIENT,
  /** Something is used up. */
  RESOURCE,
  /** The input is wrong. */
  VALIDATION,
  /** Trying again does not help. */
  PERMANENT
}
