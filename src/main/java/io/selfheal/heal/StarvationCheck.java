package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;

/** While the host or the agent starves, slow looks like dead: nothing is ended on such evidence. */
final class StarvationCheck {
  private StarvationCheck() {}

  static Ruling judge(Attempt attempt, Around around) {
    if (around.starved().isEmpty()) {
      return new Allowed("neither the host nor the agent is starved");
    }
    String why = around.starved().get();
    if (!Reach.mayEndProcesses(attempt.remedy())) {
      return new Allowed(attempt.remedy() + " ends no process, though " + why);
    }
    if (!Reach.feigned(attempt.rule().symptom())) {
      return new Allowed(attempt.rule().symptom() + " is a fact, though " + why);
    }
    return new Wait(null, why + ": slow cannot be told from dead");
  }
}
