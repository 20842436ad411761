package io.selfheal.heal;

import io.selfheal.message.HealRequests.Switch;
import io.selfheal.rule.Rules;

/** What all cases share at one moment. */
record World(HealConfig config, Switch pause, Rules rules, Gate gate, Moment now) {
  /** Whether new remedies are held. */
  boolean paused() {
    return pause.paused() && !PauseSwitch.expired(pause, now.wall());
  }
}
