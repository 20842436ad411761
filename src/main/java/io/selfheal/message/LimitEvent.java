package io.selfheal.message;

import java.time.Duration;

/** Limits of services. */
public sealed interface LimitEvent extends Event {
  /** The limited service. */
  String service();

  @Override
  default String subject() {
    return Subject.service(service());
  }

  /** What is limited. */
  enum Limit {
    /** Calls in a time. */
    RATE,
    /** The second unit in a time, such as the tokens of a model. */
    TOKENS,
    /** Calls at once. */
    CONCURRENT
  }

  /**
   * A call was refused for a limit. It is told once a minute for each limit at most, however many
   * are refused.
   *
   * @param refused calls that were refused for it since it was told last, this one among them
   * @param retryAfter when one may come back; of {@code CONCURRENT} a guess
   */
  record Reached(String service, Limit limit, long refused, Duration retryAfter)
      implements LimitEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }
}
