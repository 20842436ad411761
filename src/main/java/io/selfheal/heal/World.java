package io.selfheal.heal;

import io.selfheal.message.HealRequests.Switch;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rules;
import java.util.List;

/** What all cases share at one moment. */
record World(HealConfig config, Switch pause, Rules rules, Gate gate, Moment now) {
  /** Without rules of a file. */
  World(HealConfig config, Switch pause, Moment now) {
    this(
        config,
        pause,
        new Rules("", Limits.DEFAULT, List.of()),
        (turn, index, seen, rule) -> new Gate.Pass.Hold(),
        now);
  }

  /** Whether new remedies are held. */
  boolean paused() {
    return pause.paused() && !PauseSwitch.expired(pause, now.wall());
  }
}
