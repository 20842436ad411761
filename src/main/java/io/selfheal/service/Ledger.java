package io.selfheal.service;

import io.selfheal.message.Money;
import io.selfheal.message.ServiceRequests.BudgetLevel;
import org.jspecify.annotations.Nullable;

/**
 * What a service may cost and has cost in a period, in millionths. What a permit may cost is
 * reserved with it and settled with its report; a permit that ends in the next period is settled
 * there.
 */
final class Ledger {
  private final BudgetConfig config;
  private final Allowance allowance;
  private BudgetPeriod period;
  private long spent;
  private long reserved;
  private BudgetLevel level = BudgetLevel.FINE;
  private @Nullable BudgetPeriod before;
  private long spentBefore;

  Ledger(BudgetConfig config, Allowance allowance, long wall) {
    this.config = config;
    this.allowance = allowance;
    this.period = BudgetPeriod.of(config.per(), config.zone(), wall);
  }

  /**
   * Takes up what an earlier run left.
   *
   * @param then when it was written
   * @param spentThen what was spent then, and what was reserved: those calls were made, perhaps
   * @return whether a new period began since
   */
  boolean restore(long then, long spentThen, BudgetLevel levelThen, long wall) {
    period = BudgetPeriod.of(config.per(), config.zone(), then);
    spent = spentThen;
    level = levelThen;
    boolean began = turn(wall);
    allowance.used(period, used());
    return began;
  }

  /**
   * Begins a new period when it is time for it. A clock that was set forward and comes back finds
   * what was spent before.
   *
   * @return whether a new one began
   */
  boolean turn(long wall) {
    if (period.holds(wall)) {
      return false;
    }
    if (wall < period.start()) {
      goBack(wall);
      return false;
    }
    before = period;
    spentBefore = spent;
    period = BudgetPeriod.of(config.per(), config.zone(), wall);
    spent = 0;
    level = BudgetLevel.FINE;
    allowance.used(period, used());
    return true;
  }

  private void goBack(long wall) {
    BudgetPeriod known = before;
    if (known != null && known.holds(wall)) {
      period = known;
      spent += spentBefore;
      before = null;
      allowance.used(period, used());
    }
  }

  /** Why a permit of this cost may not be given; null when it may. */
  @Nullable Refusal refuses(long cost) {
    // One whose cost is not known yet passes while anything is left.
    long needed = Math.max(1, cost);
    boolean covered = used() + needed <= allowance.granted(period);
    return covered ? null : allowance.lacks(period, needed);
  }

  void reserve(long cost) {
    reserved += cost;
    allowance.used(period, used());
  }

  /** A permit ended. */
  void settle(long held, long cost) {
    reserved -= held;
    spent = Money.sum(spent, cost);
    allowance.used(period, used());
  }

  /** Whether it is to be told that the warning share is used, now for the first time. */
  boolean warns() {
    boolean now = level == BudgetLevel.FINE && usedByAll() >= config.warnAt() * config.amount();
    if (now) {
      level = BudgetLevel.WARNED;
    }
    return now;
  }

  /** Whether it is to be told that a call was refused, now for the first time. */
  boolean exhausts() {
    boolean now = level != BudgetLevel.EXHAUSTED;
    level = BudgetLevel.EXHAUSTED;
    return now;
  }

  BudgetConfig config() {
    return config;
  }

  BudgetPeriod period() {
    return period;
  }

  long spent() {
    return spent;
  }

  /** In the period before this one. */
  long spentBefore() {
    return spentBefore;
  }

  long reserved() {
    return reserved;
  }

  long used() {
    return spent + reserved;
  }

  /** By the other agents that share the budget, as far as is known. */
  long elsewhere() {
    return allowance.elsewhere(period);
  }

  /** By all that share it, as far as is known. */
  long usedByAll() {
    return used() + elsewhere();
  }

  BudgetLevel level() {
    return level;
  }
}
