package io.selfheal.message;

/** State changes of a circuit breaker; the agent's own database has one. */
public sealed interface BreakerEvent extends Event {
  /** The guarded service. */
  String service();

  @Override
  default String subject() {
    return Subject.service(service());
  }

  /** Calls are refused at once from now on. */
  record Opened(String service, String cause) implements BreakerEvent {
    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** One call is let through to see. */
  record HalfOpened(String service) implements BreakerEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** Calls pass again. */
  record Closed(String service) implements BreakerEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
