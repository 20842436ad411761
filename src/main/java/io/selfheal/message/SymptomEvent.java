package io.selfheal.message;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
   * @param process the process that was seen so; null when it is about none
   */
  record Seen(
      String rule,
      String ruleVersion,
      String symptom,
      String subject,
      Severity severity,
      String summary,
      Map<String, Double> values,
      Duration lasted,
      @Nullable ProcessIdentity process)
      implements SymptomEvent {
    /** Copies the values. */
    public Seen {
      values = Map.copyOf(values);
    }

    /** About no process. */
    public Seen(
        String rule,
        String ruleVersion,
        String symptom,
        String subject,
        Severity severity,
        String summary,
        Map<String, Double> values,
        Duration lasted) {
      this(rule, ruleVersion, symptom, subject, severity, summary, values, lasted, null);
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
