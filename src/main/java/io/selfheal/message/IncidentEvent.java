package io.selfheal.message;

import java.util.Optional;

/** The steps of an incident. */
public sealed interface IncidentEvent extends Event {
  /** The incident. */
  String incidentId();

  @Override
  default Optional<String> incident() {
    return Optional.of(incidentId());
  }

  @Override
  default Severity severity() {
    return Severity.WARNING;
  }

  /** A symptom was seen and matched a rule. */
  record Opened(String incidentId, String subject, String symptom, String summary)
      implements IncidentEvent {}

  /**
   * A remedy waits for the approval of a person.
   *
   * @param reason why a person is asked
   */
  record Asked(String incidentId, String subject, String remedy, String reason)
      implements IncidentEvent {}

  /** A remedy starts; its intent is on disk. */
  record RemedyStarted(String incidentId, String subject, String remedy, int attempt)
      implements IncidentEvent {}

  /** A remedy ended. */
  record RemedyFinished(
      String incidentId, String subject, String remedy, int attempt, Outcome outcome, String detail)
      implements IncidentEvent {}

  /** The symptom is measured to be gone. */
  record Verified(String incidentId, String subject, String detail) implements IncidentEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** The agent stops here; a person is needed. */
  record Escalated(String incidentId, String subject, String reason) implements IncidentEvent {
    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** How an incident came to a good end. */
  enum Recovery {
    /** By a remedy. */
    HEALED,
    /** Before any remedy had an effect. */
    SELF_RECOVERED
  }

  /**
   * The incident is over.
   *
   * @param result in words for an operator
   */
  record Closed(String incidentId, String subject, Recovery recovery, String result)
      implements IncidentEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
