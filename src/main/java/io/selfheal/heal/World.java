package io.selfheal.heal;

import io.selfheal.message.HealRequests.Switch;

/** What all cases share at one moment. */
record World(HealConfig config, Switch pause, Moment now) {
  /** Whether new remedies are held. */
  boolean paused() {
    return pause.paused() && !PauseSwitch.expired(pause, now.wall());
  }
}
