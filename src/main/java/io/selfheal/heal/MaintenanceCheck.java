package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Observe;
import io.selfheal.rule.Window;
import java.time.Instant;
import java.util.Optional;

/** While planned work goes on, what looks like a fault is somebody's work. */
final class MaintenanceCheck {
  private MaintenanceCheck() {}

  static Ruling judge(Attempt attempt, Around around) {
    for (Window window : attempt.rule().guards().maintenance()) {
      Optional<Instant> begun = window.begun(around.now().wall());
      if (begun.isPresent()) {
        return new Observe(
            "maintenance \"%s\" (%s) since %s, for %s"
                .formatted(
                    window.cron(), window.zone(), begun.get(), Words.duration(window.lasts())));
      }
    }
    return new Allowed("no maintenance");
  }
}
