package io.selfheal.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * This agent's shares of all budgets: what is to be asked of the database, and what was answered.
 * Use it on one thread.
 */
final class Shares implements Allowances {
  /** In this order, so that two agents never wait for each other's locks. */
  private static final Comparator<BudgetKey> ORDER =
      Comparator.comparing(BudgetKey::service)
          .thenComparing(BudgetKey::currency)
          .thenComparing(key -> key.period().start())
          .thenComparing(key -> key.period().end());

  private final List<Share> all = new ArrayList<>();
  private final Map<BudgetKey, Long> before;
  private UUID id;
  private Runnable hungry = () -> {};
  private boolean away = true;

  /**
   * @param left what an earlier run left
   */
  Shares(Left left) {
    this.id = left.id();
    this.before = new HashMap<>(left.granted());
  }

  /**
   * What lasts of them.
   *
   * @param id of the agent's shares in the database
   * @param granted what it may use; the database counts at least that
   */
  record Left(UUID id, Map<BudgetKey, Long> granted) {
    Left {
      granted = Map.copyOf(granted);
    }

    static Left nothing() {
      return new Left(UUID.randomUUID(), Map.of());
    }
  }

  /** Calls this when something should be asked for soon. */
  void whenHungry(Runnable call) {
    hungry = call;
  }

  @Override
  public Allowance of(String service, BudgetConfig budget) {
    Share share = new Share(service, budget, this);
    all.add(share);
    return share;
  }

  /** What an earlier run was granted; only once. */
  long before(BudgetKey key) {
    return Objects.requireNonNullElse(before.remove(key), 0L);
  }

  UUID id() {
    return id;
  }

  void hungry() {
    // While the database is away, each tick asks anyway.
    if (!away) {
      hungry.run();
    }
  }

  boolean away() {
    return away;
  }

  /** Whether the database answers. */
  void away(boolean now) {
    away = now;
  }

  /** What is to be asked and told; what is too much is let go with it. */
  List<ShareAsk> asks(Moment now) {
    for (Share share : all) {
      share.look(now.wall());
    }
    return holds(now, hold -> hold.due(now.mark())).stream()
        .map(hold -> hold.ask(now.mark()))
        .toList();
  }

  /** Gives back all that is not used. */
  List<ShareAsk> givesBack(Moment now) {
    return holds(now, Hold::claimed).stream().map(hold -> hold.giveBack(now.mark())).toList();
  }

  private List<Hold> holds(Moment now, Predicate<Hold> wanted) {
    List<Hold> found = new ArrayList<>();
    for (Share share : all) {
      share.collect(now.wall(), wanted, found);
    }
    found.sort(Comparator.comparing(Hold::key, ORDER));
    return found;
  }

  private Map<BudgetKey, Hold> byKey() {
    Map<BudgetKey, Hold> holds = new LinkedHashMap<>();
    List<Hold> found = new ArrayList<>();
    for (Share share : all) {
      share.collect(Long.MIN_VALUE, hold -> true, found);
    }
    found.forEach(hold -> holds.put(hold.key(), hold));
    return holds;
  }

  /**
   * Takes the answers.
   *
   * @return false: somebody else uses shares of this id; it has another from now on
   */
  boolean answered(List<ShareAsk> asks, Map<BudgetKey, ShareAnswer> answers) {
    Map<BudgetKey, Hold> holds = byKey();
    boolean alone = true;
    for (ShareAsk ask : asks) {
      Hold hold = holds.get(ask.budget());
      if (hold == null) {
        continue;
      }
      ShareAnswer answer = answers.get(ask.budget());
      if (answer == null) {
        hold.lost();
      } else {
        alone &= hold.answered(ask, answer);
      }
    }
    if (!alone) {
      id = UUID.randomUUID();
      holds.values().forEach(Hold::renew);
    }
    return alone;
  }

  /** What nobody holds of those budgets of which little is left. */
  void scarce(List<Scarce> found) {
    Map<BudgetKey, Hold> holds = found.isEmpty() ? Map.of() : byKey();
    for (Scarce one : found) {
      Hold hold = holds.get(one.budget());
      if (hold != null) {
        hold.seen(one.free(), one.agents());
      }
    }
  }

  /** What is left of a budget of which much is granted. */
  record Scarce(BudgetKey budget, long free, int agents) {}

  /** Where agents have configured different amounts: the smallest of all, in millionths. */
  Map<String, Long> smaller() {
    Map<String, Long> found = new LinkedHashMap<>();
    for (Hold hold : byKey().values()) {
      if (hold.shared() < hold.amount()) {
        found.put(hold.key().service(), hold.shared());
      }
    }
    return found;
  }

  /** What is to last. */
  Left left() {
    Map<BudgetKey, Long> granted = new HashMap<>(before);
    byKey()
        .forEach(
            (key, hold) -> {
              if (hold.granted() > 0) {
                granted.put(key, hold.granted());
              }
            });
    return new Left(id, granted);
  }
}
