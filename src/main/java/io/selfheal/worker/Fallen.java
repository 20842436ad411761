package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;

/**
 * A watched process that was seen to end.
 *
 * @param ownPid the pid by which the process knew itself; another one in a container
 * @param mark when, on the forward clock, in nanoseconds
 * @param kin by what those that it started can be told
 */
record Fallen(
    String worker, String instance, ProcessIdentity process, long ownPid, long mark, Kin kin) {
  Fallen(String worker, String instance, ProcessIdentity process, long mark) {
    this(worker, instance, process, process.pid(), mark, Kin.NONE);
  }

  Filled filled(long now) {
    return new Filled(worker, instance, process, ownPid, Duration.ofNanos(now - mark));
  }
}
