package io.selfheal.rule;

/** How far a rule goes by itself. */
public enum Mode {
  /** It opens incidents with what it would do, and does nothing. */
  OBSERVE,
  /** It asks a person before each remedy. */
  APPROVE,
  /** It acts within its guardrails. */
  ACT
}
