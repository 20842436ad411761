package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;

/**
 * A watched process that was seen to end.
 *
 * @param mark when, on the forward clock, in nanoseconds
 * @param kin by what those that it started can be told
 * @param ownPid the pid by which it knew itself; another one in a container
 * @param memory how it is known that the kernel killed it for memory; empty when it did not, or
 *     that is not known
 */
record Fallen(
    String worker,
    String instance,
    ProcessIdentity process,
    long mark,
    Kin kin,
    long ownPid,
    String memory) {
  Fallen(String worker, String instance, ProcessIdentity process, long mark) {
    this(worker, instance, process, mark, Kin.NONE);
  }

  /** One that was in no container, and that the kernel did not kill. */
  Fallen(String worker, String instance, ProcessIdentity process, long mark, Kin kin) {
    this(worker, instance, process, mark, kin, process.pid(), "");
  }

  Filled filled(long now) {
    Duration ago = Duration.ofNanos(now - mark);
    return new Filled(worker, instance, process, ownPid, ago, memory);
  }
}
