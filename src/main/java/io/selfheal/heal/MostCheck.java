package io.selfheal.heal;

import io.selfheal.heal.History.Start;
import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Refuse;
import io.selfheal.rule.Guards;
import java.util.List;

/** So many remedies of one rule on one subject within a period, and then a person. */
final class MostCheck {
  private MostCheck() {}

  static Ruling judge(Attempt attempt, History history, Around around) {
    Guards guards = attempt.rule().guards();
    List<Start> within =
        history.starts(attempt.rule().name(), attempt.subject()).stream()
            .filter(start -> around.now().since(start.at()).compareTo(guards.within()) < 0)
            .toList();
    String period = Words.duration(guards.within());
    if (guards.most() == Guards.NO_LIMIT) {
      return new Allowed(
          remedies(within.size()) + " started within " + period + "; no limit is set");
    }
    if (guards.most() == 0) {
      return new Refuse("the rule may start no remedy: most is 0");
    }
    if (within.size() >= guards.most()) {
      return new Refuse(
          "%s started within %s, the first at %s; the most is %d"
              .formatted(
                  remedies(within.size()), period, within.getFirst().at().wall(), guards.most()));
    }
    return new Allowed(
        "remedy %d of %d within %s".formatted(within.size() + 1, guards.most(), period));
  }

  private static String remedies(int count) {
    return count == 1 ? "1 remedy was" : count + " remedies were";
  }
}
