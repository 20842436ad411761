package io.selfheal.heal;

import org.jspecify.annotations.Nullable;

/** What a guardrail says of a remedy that is about to start. */
sealed interface Ruling {
  /** Why, in words for an operator. */
  String reason();

  /** Go ahead. */
  record Allowed(String reason) implements Ruling {}

  /** A person has to approve it. */
  record Ask(String reason) implements Ruling {}

  /**
   * Not now.
   *
   * @param until the mark before which it cannot be allowed; null when that hangs on something else
   *     than time
   * @param cause the incident that is waited for; null when it waits for none
   */
  record Wait(@Nullable Long until, String reason, @Nullable String cause) implements Ruling {
    /** For no other incident. */
    Wait(@Nullable Long until, String reason) {
      this(until, reason, null);
    }
  }

  /** Not by the agent: it is handed to a person. */
  record Refuse(String reason) implements Ruling {}

  /** Say what would be done, and do nothing; nobody is called either. */
  record Observe(String reason) implements Ruling {}
}
