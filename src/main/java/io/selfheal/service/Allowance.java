package io.selfheal.service;

/**
 * What this agent may use of a budget. An agent that is alone may use all of it; agents that share
 * one take slices of it, ahead of need: nothing here may wait.
 */
interface Allowance {
  /** What may be used by this agent in a period, in millionths. */
  long granted(BudgetPeriod period);

  /**
   * Says what is used so far in a period, after each change, so that more can be asked for in time.
   *
   * @param used spent and reserved, in millionths
   */
  void used(BudgetPeriod period, long used);

  /**
   * Says that a cost is not covered by what is granted.
   *
   * @return why: all is used, or more is asked for, or cannot be
   */
  Refusal lacks(BudgetPeriod period, long cost);

  /** What other agents have used in a period, as far as is known, in millionths. */
  long elsewhere(BudgetPeriod period);

  /** All of it. */
  static Allowance whole(long amount) {
    return new Allowance() {
      @Override
      public long granted(BudgetPeriod period) {
        return amount;
      }

      @Override
      public void used(BudgetPeriod period, long used) {
        // Nobody else has a share.
      }

      @Override
      public Refusal lacks(BudgetPeriod period, long cost) {
        return Refusal.BUDGET;
      }

      @Override
      public long elsewhere(BudgetPeriod period) {
        return 0;
      }
    };
  }
}
