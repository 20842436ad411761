package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;

/**
 * A watched process that was seen to end.
 *
 * @param mark when, on the forward clock, in nanoseconds
 * @param kin by what those that it started can be told
 */
record Fallen(String worker, String instance, ProcessIdentity process, long mark, Kin kin) {
  Fallen(String worker, String instance, ProcessIdentity process, long mark) {
    this(worker, instance, process, mark, Kin.NONE);
  }

  Filled filled(long now) {
    return new Filled(worker, instance, process, process.pid(), Duration.ofNanos(now - mark));
  }
}
