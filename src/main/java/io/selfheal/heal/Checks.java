package io.selfheal.heal;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The guardrails before a remedy. Each is pure, each says why, and all are asked: an operator sees
 * everything that stands against a remedy, not only what came first.
 */
final class Checks {
  private Checks() {}

  /** What each says, always in the same order. */
  static List<Checked> judge(Attempt attempt, History history, Around around) {
    return List.of(
        new Checked("pause", PauseCheck.judge(around)),
        new Checked("mode", ModeCheck.judge(attempt)),
        new Checked("maintenance", MaintenanceCheck.judge(attempt, around)),
        new Checked("debt", DebtCheck.judge(attempt, history, around)),
        new Checked("most", MostCheck.judge(attempt, history, around)),
        new Checked("keep_last", ShareCheck.last(attempt, around)),
        new Checked("after", AfterCheck.judge(attempt, history)),
        new Checked("storm", StormCheck.judge(history, around)),
        new Checked("starvation", StarvationCheck.judge(attempt, around)),
        new Checked("cooldown", Cooldown.judge(attempt, history, around)),
        new Checked("share", ShareCheck.judge(attempt, around)),
        new Checked("remedies_per_minute", RateCheck.judge(attempt, history, around)),
        new Checked("approval", ApprovalCheck.judge(attempt, around)));
  }

  /**
   * The strictest: observe, refuse, wait, ask, allowed. Who only observes calls nobody, so that
   * comes first; nobody is asked for what may not be done anyway. Of several waits the longest.
   */
  static Ruling sum(List<Checked> all) {
    return all.stream()
        .map(Checked::ruling)
        .max(Comparator.comparingInt(Checks::strictness))
        .map(strictest -> strictest instanceof Ruling.Wait ? longest(all) : strictest)
        .orElse(new Ruling.Allowed("no guardrail is set"));
  }

  private static int strictness(Ruling ruling) {
    return switch (ruling) {
      case Ruling.Allowed allowed -> 0;
      case Ruling.Ask ask -> 1;
      case Ruling.Wait wait -> 2;
      case Ruling.Refuse refuse -> 3;
      case Ruling.Observe observe -> 4;
    };
  }

  /** The wait whose mark comes last; one without a mark only where no other has one. */
  private static Ruling longest(List<Checked> all) {
    Ruling.Wait longest = null;
    for (Checked one : all) {
      if (one.ruling() instanceof Ruling.Wait wait && (longest == null || longer(wait, longest))) {
        longest = wait;
      }
    }
    return Optional.<Ruling>ofNullable(longest).orElseThrow();
  }

  private static boolean longer(Ruling.Wait one, Ruling.Wait other) {
    if (one.until() == null) {
      return false;
    }
    return other.until() == null || one.until() - other.until() > 0;
  }
}
