package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Observe;
import io.selfheal.rule.Mode;

/** A rule that only observes does nothing. */
final class ModeCheck {
  private ModeCheck() {}

  static Ruling judge(Attempt attempt) {
    return attempt.rule().mode() == Mode.OBSERVE
        ? new Observe("the rule only observes")
        : new Allowed("the rule may act");
  }
}
