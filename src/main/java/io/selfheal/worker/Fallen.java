package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;

/**
 * A watched process that was seen to end.
 *
 * @param mark when, on the forward clock, in nanoseconds
 * @param kin by what those that it started can be told
 * @param ownPid the pid by which it knew itself; another one in a container
 * @param demise how it came to its end
 */
record Fallen(
    String worker,
    String instance,
    ProcessIdentity process,
    long mark,
    Kin kin,
    long ownPid,
    Demise demise) {
  Fallen(String worker, String instance, ProcessIdentity process, long mark) {
    this(worker, instance, process, mark, Kin.NONE);
  }

  /** One that was in no container, and of whose end nothing is known. */
  Fallen(String worker, String instance, ProcessIdentity process, long mark, Kin kin) {
    this(worker, instance, process, mark, kin, process.pid(), Demise.UNKNOWN);
  }

  Filled filled(long now) {
    Duration ago = Duration.ofNanos(now - mark);
    return new Filled(worker, instance, process, ownPid, ago, demise);
  }
}
