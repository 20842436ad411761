package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;

/**
 * A watched process that was seen to end.
 *
 * @param mark when, on the forward clock, in nanoseconds
 */
record Fallen(String worker, String instance, ProcessIdentity process, long mark) {
  Filled filled(long now) {
    return new Filled(worker, instance, process, process.pid(), Duration.ofNanos(now - mark));
  }
}
