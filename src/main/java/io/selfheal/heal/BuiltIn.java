package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident.Step;
import java.util.List;

/**
 * A symptom and its ladder.
 *
 * @param name of the rule
 * @param version rises with every change of what the rule does
 */
record BuiltIn(String name, String version) {
  /**
   * An event that matched a rule.
   *
   * @param summary one sentence for an operator
   * @param ladder the remedies, in order; none has begun
   */
  record Match(BuiltIn rule, Event cause, String summary, List<Step> ladder) {}
}
