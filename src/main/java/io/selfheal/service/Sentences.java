package io.selfheal.service;

import io.selfheal.message.Money;
import io.selfheal.message.ServiceRequests.Period;

/** Why a call may not be made, in one sentence for an operator. Pure. */
final class Sentences {
  private Sentences() {}

  static String of(Refusal refusal, Guarded service) {
    ServiceConfig config = service.config();
    return switch (refusal) {
      case OPEN -> open(service.phase());
      case PROBES_OUT ->
          config.breaker().probes() + " calls are under way to see whether it works again";
      case RETRIES -> "too many of its calls fail: first tries pass, retries do not";
      case HELD -> "the service itself asked to be left alone for a while";
      case RATE -> config.limits().rate().orElseThrow() + " calls are used";
      case TOKENS -> config.limits().tokens().orElseThrow() + " tokens are used";
      case BUDGET -> budget(config.budget().orElseThrow());
      case BUDGET_ASKED ->
          "this agent's share of the budget, which it has together with others, does not cover it"
              + " now: it asks for more";
      case BUDGET_AWAY ->
          "this agent's share of the budget, which it has together with others, does not cover it,"
              + " and the database is away where more can be had";
      case BULKHEAD ->
          config.limits().concurrent() + " calls are under way, which is as many as there may be";
    };
  }

  private static String open(Phase phase) {
    return phase.forced()
        ? "its breaker was opened by " + phase.author() + ": " + phase.reason()
        : "its breaker is open: " + phase.reason();
  }

  private static String budget(BudgetConfig budget) {
    return "what is left of "
        + Money.decimal(budget.amount()).toPlainString()
        + " "
        + budget.currency()
        + (budget.per() == Period.DAY ? " a day" : " a month")
        + " does not cover it";
  }
}
