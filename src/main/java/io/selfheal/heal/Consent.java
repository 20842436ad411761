package io.selfheal.heal;

/** How a person stands to one remedy of one incident. */
sealed interface Consent {
  /** Nobody was asked. */
  record None() implements Consent {}

  /** A person was asked, and has not answered. */
  record Asked(Moment at) implements Consent {}

  /** A person said yes. */
  record Approved(String by, Moment at) implements Consent {}

  /** A person said no. */
  record Rejected(String by, Moment at) implements Consent {}
}
