package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.message.HealRequests.Switch;

/** One switch holds all remedies; what runs is let finish. */
final class PauseCheck {
  private PauseCheck() {}

  static Ruling judge(Around around) {
    Switch pause = around.pause();
    if (!pause.paused() || PauseSwitch.expired(pause, around.now().wall())) {
      return new Allowed("healing is not paused");
    }
    String until = pause.until() == null ? "until it is resumed" : "until " + pause.until();
    return new Wait(null, "paused " + until + " by " + pause.reason());
  }
}
