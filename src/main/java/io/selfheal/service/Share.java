package io.selfheal.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What this agent may use of one service's budget, which it shares with other agents. */
final class Share implements Allowance {
  /** The first slice of a period is taken so long before it begins. */
  private static final long EARLY = Duration.ofMinutes(1).toMillis();

  /** A clock that was set may come back to an earlier period. */
  private static final int MOST = 3;

  private final String service;
  private final BudgetConfig config;
  private final Shares all;
  private final List<Hold> holds = new ArrayList<>(1);
  private BudgetPeriod period = new BudgetPeriod(0, 0);

  Share(String service, BudgetConfig config, Shares all) {
    this.service = service;
    this.config = config;
    this.all = all;
  }

  @Override
  public long granted(BudgetPeriod asked) {
    return hold(asked).granted();
  }

  @Override
  public void used(BudgetPeriod asked, long used) {
    if (hold(asked).used(used)) {
      all.hungry();
    }
  }

  @Override
  public Refusal lacks(BudgetPeriod asked, long cost) {
    Hold hold = hold(asked);
    if (cost > config.amount()) {
      return Refusal.BUDGET;
    }
    if (hold.lacks(cost)) {
      all.hungry();
    }
    if (all.away()) {
      return Refusal.BUDGET_AWAY;
    }
    return hold.mayCover(cost) ? Refusal.BUDGET_ASKED : Refusal.BUDGET;
  }

  @Override
  public long elsewhere(BudgetPeriod asked) {
    return hold(asked).elsewhere();
  }

  /** The one of a period; the one that was used last comes first. */
  private Hold hold(BudgetPeriod asked) {
    for (int i = 0; i < holds.size(); i++) {
      Hold hold = holds.get(i);
      if (hold.key().period().equals(asked)) {
        return hold;
      }
    }
    BudgetKey key = new BudgetKey(service, config.currency(), asked);
    Hold made = new Hold(key, config.amount(), all.before(key));
    holds.addFirst(made);
    if (holds.size() > MOST) {
      holds.removeLast();
    }
    return made;
  }

  /** Makes sure that there is something to ask for now, and for soon. */
  void look(long wall) {
    if (!period.holds(wall)) {
      period = BudgetPeriod.of(config.per(), config.zone(), wall);
      hold(period);
    }
    if (period.end() - wall < EARLY) {
      hold(BudgetPeriod.of(config.per(), config.zone(), period.end()));
    }
  }

  /** Those of this period and of the next. */
  void collect(long wall, Predicate<Hold> wanted, List<Hold> into) {
    for (Hold hold : holds) {
      if (hold.key().period().end() > wall && wanted.test(hold)) {
        into.add(hold);
      }
    }
  }
}
