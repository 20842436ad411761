package io.selfheal.heal;

import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Rule;
import java.util.List;

/** What the guardrails say before a remedy. */
@FunctionalInterface
interface Gate {
  /**
   * Judges one rung; each verdict goes on the incident.
   *
   * @param index of its step
   */
  Pass judge(Turn turn, int index, SymptomEvent.Seen seen, Rule rule);

  /**
   * Whether what is on disk as intended may be done now: an earlier run of the agent was let
   * through, and another agent may have begun since.
   */
  default boolean mayGoOn(Turn turn, SymptomEvent.Seen seen) {
    return true;
  }

  /**
   * Judges one remedy of a built-in rule; each verdict goes on the incident.
   *
   * @param index of its step
   * @param rule the built-in rule as it is in force
   */
  default Pass builtIn(Turn turn, int index, Rule rule) {
    return new Pass.Go();
  }

  /** Whether so many fell sick at once that what stops or starts processes waits. */
  default Ruling storm(Turn turn) {
    return new Ruling.Allowed("nobody looks for a storm");
  }

  /** The open incidents that are consequences of another. */
  default List<Case> causedBy(String incidentId) {
    return List.of();
  }

  /** The strictest of what they say. */
  sealed interface Pass {
    /** It may act. */
    record Go() implements Pass {}

    /** Not now: it is looked at again. */
    record Hold() implements Pass {}

    /** A person must approve. */
    record Ask(String reason) implements Pass {}

    /** It only says what it would do. */
    record Rehearse() implements Pass {}

    /** Not by the agent: a person has it. */
    record Refuse(String reason) implements Pass {}
  }
}
