package io.selfheal.message;

/** Health of a part of the agent. */
public sealed interface ComponentEvent extends Event {
  /** The statuses, best first; unknown last. */
  enum Status {
    HEALTHY,
    DEGRADED,
    ERROR,
    UNAVAILABLE,
    UNKNOWN
  }

  /**
   * A part says how it is. Parts publish it at start and whenever it changes.
   *
   * @param component the name of the part: database, journal, host, workers, jobs, healing, api
   * @param detail why, in words for an operator
   */
  record Changed(String component, Status status, String detail) implements ComponentEvent {
    @Override
    public String subject() {
      return Subject.component(component);
    }

    @Override
    public Severity severity() {
      return switch (status) {
        case HEALTHY, UNKNOWN -> Severity.INFO;
        case DEGRADED -> Severity.WARNING;
        case ERROR, UNAVAILABLE -> Severity.CRITICAL;
      };
    }
  }
}
