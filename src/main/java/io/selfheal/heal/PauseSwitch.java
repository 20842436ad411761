package io.selfheal.heal;

import io.selfheal.json.Json;
import io.selfheal.message.HealRequests.Pause;
import io.selfheal.message.HealRequests.Switch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The one switch over all remedies, and how it is remembered. */
final class PauseSwitch {
  /** The key under which the journal remembers it. */
  static final String KEY = "healing.pause";

  static final Switch RUNNING = new Switch(false, null, null, null);

  private PauseSwitch() {}

  static Switch paused(Pause pause, Instant now) {
    return new Switch(true, pause.reason(), now, pause.until());
  }

  /** Whether a pause is over by the time of day. */
  static boolean expired(Switch pause, Instant now) {
    Instant until = pause.until();
    return pause.paused() && until != null && !now.isBefore(until);
  }

  static String write(Switch pause) {
    return Json.text(pause);
  }

  /**
   * What was remembered; nothing means not paused.
   *
   * @throws IOException when it cannot be read
   */
  static Switch read(@Nullable String remembered) throws IOException {
    return remembered == null
        ? RUNNING
        : Json.read(remembered.getBytes(StandardCharsets.UTF_8), Switch.class);
  }
}
