package io.selfheal.rule;

import io.selfheal.message.Severity;
import java.time.Duration;
import java.util.List;

/**
 * A symptom, when it counts, and what is done about it.
 *
 * @param name of the rule
 * @param version changes with every change of what the rule says
 * @param symptom the name of its symptom
 * @param severity {@code severity}: info, warning or critical; default warning
 * @param detectors makes a detector for it
 * @param lasting {@code for}: how long the symptom must hold before it counts; 0s to 1d, default 0s
 * @param clear {@code clear_for}: how long it must be gone to count as healed; 0s to 1d, default
 *     10s
 * @param ladder the remedies, in order; empty: a person is told
 * @param verifyWithin {@code verify_within}: how long after a remedy the symptom may take to be
 *     gone, before the next rung; 1s to 1d, default 60s; must be longer than {@code clear_for}
 * @param mode {@code mode}: observe, approve or act; default act
 */
public record Rule(
    String name,
    String version,
    String symptom,
    Severity severity,
    Symptom.Make detectors,
    Duration lasting,
    Duration clear,
    List<Rung> ladder,
    Duration verifyWithin,
    Mode mode,
    Guards guards) {
  /** Copies the ladder. */
  public Rule {
    ladder = List.copyOf(ladder);
  }
}
