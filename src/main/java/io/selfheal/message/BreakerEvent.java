package io.selfheal.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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

  /**
   * A person took the breaker in hand, or gave it back.
   *
   * @param state what it is from now on
   * @param author who did it
   * @param until when it decides by itself again; null: until a person gives it back, or it does
   *     already
   */
  record Forced(
      String service, BreakerState state, String reason, String author, @Nullable Instant until)
      implements BreakerEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }
}
