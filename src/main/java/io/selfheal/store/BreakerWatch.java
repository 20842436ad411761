package io.selfheal.store;

import io.selfheal.bus.Bus;
import io.selfheal.message.BreakerEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what the breaker of a database does: one opening and one closing for each outage. A
 * probe that finds nothing changed is no news; the one that succeeds is told as half-open.
 */
final class BreakerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(BreakerWatch.class);

  private final Bus bus;
  private final Consumer<@Nullable String> alsoTell;
  private volatile boolean open;

  /**
   * @param alsoTell is given the cause of an opening, and null at a closing
   */
  BreakerWatch(Bus bus, Consumer<@Nullable String> alsoTell) {
    this.bus = bus;
    this.alsoTell = alsoTell;
  }

  boolean isOpen() {
    return open;
  }

  void opened(String name, String cause) {
    open = true;
    LOG.error("The {} is away: {}. Calls fail at once; it is probed every second", name, cause);
    bus.publish(new BreakerEvent.Opened(name, cause));
    alsoTell.accept(cause);
  }

  void closed(String name) {
    open = false;
    LOG.info("The {} is back", name);
    bus.publish(new BreakerEvent.HalfOpened(name));
    bus.publish(new BreakerEvent.Closed(name));
    alsoTell.accept(null);
  }
}
