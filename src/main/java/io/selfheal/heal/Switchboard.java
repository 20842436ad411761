package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.HealRequests.Pause;
import io.selfheal.message.HealRequests.Resume;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.HealingEvent;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Remember;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the switch over all remedies, and has it remembered. */
final class Switchboard {
  private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);

  private final Bus bus;
  private final Time time;
  private final Runnable turned;
  private Switch now = PauseSwitch.RUNNING;
  private boolean known;

  /**
   * @param turned called after each turn
   */
  Switchboard(Bus bus, Time time, Runnable turned) {
    this.bus = bus;
    this.time = time;
    this.turned = turned;
  }

  Switch now() {
    return now;
  }

  /** What an earlier run of the agent left; a turn in this run is newer. */
  void recalled(Switch remembered) {
    if (!known) {
      known = true;
      now = remembered;
    }
  }

  /** Pauses at once; the future fails when that would not last over a restart. */
  Future<Switch> pause(Pause query) {
    Switch next = PauseSwitch.paused(query, time.now());
    turn(next);
    bus.publish(new HealingEvent.Paused(query.reason(), query.until()));
    LOG.info("Healing is paused: {}", query.reason());
    Remember remember = new Remember(PauseSwitch.KEY, PauseSwitch.write(next));
    return bus.ask(JournalRequests.REMEMBER, remember)
        .map(saved -> next)
        .recover(failure -> Future.failedFuture(notLasting(failure)));
  }

  private static IllegalStateException notLasting(Throwable failure) {
    return new IllegalStateException(
        "healing is paused, but that could not be written down and would not last over a restart: "
            + failure.getMessage());
  }

  /** Lets remedies start again, once that is written down. */
  Future<Switch> resume(Resume query) {
    if (known && !now.paused()) {
      return Future.succeededFuture(now);
    }
    Switch asked = now;
    return bus.ask(JournalRequests.REMEMBER, new Remember(PauseSwitch.KEY, null))
        .map(
            saved -> {
              resumed(asked, query.reason());
              return now;
            });
  }

  /** A pause that came after the resume was asked for stays. */
  private void resumed(Switch asked, String reason) {
    if (!now.equals(asked)) {
      return;
    }
    bus.publish(new HealingEvent.Resumed(reason));
    LOG.info("Healing goes on: {}", reason);
    turn(PauseSwitch.RUNNING);
  }

  /** Ends a pause whose time is over. */
  void expire() {
    if (PauseSwitch.expired(now, time.now())) {
      resume(new Resume("the pause ended at " + now.until()))
          .onFailure(failure -> LOG.warn("The pause is over, but stays on disk", failure));
    }
  }

  private void turn(Switch next) {
    known = true;
    now = next;
    turned.run();
  }
}
