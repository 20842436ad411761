package io.selfheal.rule;

import io.selfheal.message.SymptomEvent;
import java.time.Duration;

/**
 * What a remedy is asked to do.
 *
 * @param seen the symptom and its subject
 * @param deadline how long it may take
 */
public record Task(
    String incidentId, SymptomEvent.Seen seen, Duration deadline, Surroundings around) {
  /** What it is about, see {@link io.selfheal.message.Subject}. */
  public String subject() {
    return seen.subject();
  }
}
