package io.selfheal.message;

import java.time.Duration;
import java.util.Map;

/** What the rules see. */
public sealed interface SymptomEvent extends Event {
  /** The name of the rule. */
  String rule();

  /** The name of its symptom, for example {@code low_disk}. */
  String symptom();

  /**
   * A symptom held for as long as its rule asks.
   *
   * @param ruleVersion changes with every change of the rule
   * @param summary one sentence for an operator, with the numbers
   * @param values what was measured, by a name that carries its unit
   * @param lasted for how long already
   */
  record Seen(
      String rule,
      String ruleVersion,
      String symptom,
      String subject,
      Severity severity,
      String summary,
      Map<String, Double> values,
      Duration lasted)
      implements SymptomEvent {
    /** Copies the values. */
    public Seen {
      values = Map.copyOf(values);
    }
  }

  /**
   * It is measured to be gone: its leave-condition held for as long as its rule asks.
   *
   * @param evidence one sentence for an operator, with the numbers
   * @param lasted for how long the leave-condition has held
   */
  record Cleared(String rule, String symptom, String subject, String evidence, Duration lasted)
      implements SymptomEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
