package io.selfheal.service;

import io.selfheal.message.LimitEvent.Limit;
import io.selfheal.message.PermitRequests.Reason;
import org.jspecify.annotations.Nullable;

/** Why no permit is given, more finely than workers need it. */
enum Refusal {
  OPEN(0, Reason.BREAKER_OPEN),
  /** All probes of a half-open breaker are under way. */
  PROBES_OUT(1, Reason.BREAKER_OPEN),
  RETRIES(2, Reason.RETRY_BUDGET_EXHAUSTED),
  /** The service itself asked for it. */
  HELD(3, Reason.RATE_LIMITED),
  RATE(4, Reason.RATE_LIMITED),
  TOKENS(5, Reason.RATE_LIMITED),
  BUDGET(6, Reason.BUDGET_EXHAUSTED),
  BULKHEAD(7, Reason.BULKHEAD_FULL),
  /** This agent's share of the budget is used, and it asks for more. */
  BUDGET_ASKED(8, Reason.BUDGET_EXHAUSTED),
  /** This agent's share of the budget is used, and the database is away. */
  BUDGET_AWAY(9, Reason.BUDGET_EXHAUSTED);

  private static final Refusal[] ALL = values();

  private final int index;
  private final Reason reason;

  Refusal(int index, Reason reason) {
    this.index = index;
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  /** The limit that was reached; null when it is none. */
  @Nullable Limit limit() {
    return switch (this) {
      case HELD, RATE -> Limit.RATE;
      case TOKENS -> Limit.TOKENS;
      case BULKHEAD -> Limit.CONCURRENT;
      case OPEN, PROBES_OUT, RETRIES, BUDGET, BUDGET_ASKED, BUDGET_AWAY -> null;
    };
  }

  /** Where it is counted. */
  int index() {
    return index;
  }

  static int count() {
    return ALL.length;
  }

  static Refusal at(int index) {
    return ALL[index];
  }

  /** As an answer: no key of a permit is negative. */
  long code() {
    return -1L - index;
  }

  static Refusal of(long code) {
    return ALL[(int) (-1 - code)];
  }
}
