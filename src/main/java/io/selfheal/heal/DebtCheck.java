package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Refuse;
import io.selfheal.rule.Guards;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** What is healed again and again is not healed: the fault behind it is left to a person. */
final class DebtCheck {
  /** So many times of earlier heals are told. */
  private static final int TOLD = 10;

  private DebtCheck() {}

  static Ruling judge(Attempt attempt, History history, Around around) {
    int debt = attempt.rule().guards().debt();
    List<Moment> heals =
        history.heals(attempt.rule().name(), attempt.subject()).stream()
            .filter(heal -> around.now().since(heal).compareTo(History.DAY) < 0)
            .toList();
    if (debt == Guards.NO_LIMIT) {
      return new Allowed(
          "healed %s within a day; no limit is set".formatted(Words.count(heals.size(), "time")));
    }
    if (heals.size() < debt) {
      return new Allowed("healed %d of %d times within a day".formatted(heals.size(), debt));
    }
    return new Refuse(
        "healed %s within a day, the most is %d, and it came back each time (healed at %s)"
            .formatted(Words.count(heals.size(), "time"), debt, times(heals)));
  }

  private static String times(List<Moment> heals) {
    int untold = Math.max(0, heals.size() - TOLD);
    String told =
        heals.subList(untold, heals.size()).stream()
            .map(heal -> heal.wall().truncatedTo(ChronoUnit.SECONDS).toString())
            .collect(Collectors.joining(", "));
    return untold == 0 ? told : told + ", and " + untold + " earlier";
  }
}
