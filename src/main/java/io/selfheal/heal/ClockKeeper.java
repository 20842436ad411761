package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.json.Json;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Remember;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that the time of day was set, and keeps that over restarts of the agent. */
final class ClockKeeper {
  /** The key under which the journal remembers it. */
  static final String KEY = "healing.clock";

  private static final Logger LOG = LoggerFactory.getLogger(ClockKeeper.class);

  private final String boot;
  private final Bus bus;
  private ClockLog log = ClockLog.NONE;
  private ClockLog written = ClockLog.NONE;
  private boolean known;
  private boolean writing;

  /**
   * @param boot the start of the machine; empty when it is not known
   */
  ClockKeeper(String boot, Bus bus) {
    this.boot = boot;
    this.bus = bus;
  }

  ClockLog log() {
    return log;
  }

  /** What an earlier run of the agent left; nothing of it is known when it cannot be read. */
  static ClockLog read(@Nullable String remembered) {
    try {
      return remembered == null
          ? ClockLog.NONE
          : Json.read(remembered.getBytes(StandardCharsets.UTF_8), ClockLog.class);
    } catch (IOException otherVersion) {
      LOG.warn("How the clock was set is not known: {}", remembered, otherVersion);
      return ClockLog.NONE;
    }
  }

  /** Takes up what was left. */
  void recalled(ClockLog left, Moment now) {
    known = true;
    written = left;
    log = left;
    look(now);
  }

  /** Before anything is written that bears the time of day. */
  void look(Moment now) {
    if (!known) {
      return;
    }
    ClockLog next = log.seen(boot, now);
    if (!next.equals(log) && log.boot().equals(boot) && !log.settings().isEmpty()) {
      LOG.info("The time of day was set; limits go on by the forward clock");
    }
    log = next;
    if (log.equals(written) || writing) {
      return;
    }
    writing = true;
    bus.ask(JournalRequests.REMEMBER, new Remember(KEY, Json.text(next)))
        .onComplete(
            saved -> {
              writing = false;
              written = saved.succeeded() ? next : written;
            });
  }
}
