package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A slot with the process that fills it, or filled it last.
 *
 * @param ownPid the pid by which the process knows itself; another one in a container
 * @param endedAgo since it was seen to end; null while it lives
 * @param memory how it is known that the one that ended last was killed for memory; empty when it
 *     was not, or that is not known
 */
record Filled(
    String worker,
    String instance,
    ProcessIdentity process,
    long ownPid,
    @Nullable Duration endedAgo,
    String memory) {
  /** One that was not killed for memory. */
  Filled(
      String worker,
      String instance,
      ProcessIdentity process,
      long ownPid,
      @Nullable Duration endedAgo) {
    this(worker, instance, process, ownPid, endedAgo, "");
  }
}
