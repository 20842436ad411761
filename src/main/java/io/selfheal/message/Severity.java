package io.selfheal.message;

/** How much an event matters to a person, least first. */
public enum Severity {
  INFO,
  WARNING,
  CRITICAL
}
