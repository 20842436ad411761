package io.selfheal.service;

/** Says what of each budget this agent may use. */
@FunctionalInterface
interface Allowances {
  /** Every agent for itself. */
  Allowances WHOLE = (service, budget) -> Allowance.whole(budget.amount());

  Allowance of(String service, BudgetConfig budget);
}
