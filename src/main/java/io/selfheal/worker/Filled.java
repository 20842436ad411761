package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A slot with the process that fills it, or filled it last.
 *
 * @param ownPid the pid by which the process knows itself; another one in a container
 * @param endedAgo since it was seen to end; null while it lives
 * @param demise how the one that ended last came to its end
 */
record Filled(
    String worker,
    String instance,
    ProcessIdentity process,
    long ownPid,
    @Nullable Duration endedAgo,
    Demise demise) {
  /** One of whose end nothing is known. */
  Filled(
      String worker,
      String instance,
      ProcessIdentity process,
      long ownPid,
      @Nullable Duration endedAgo) {
    this(worker, instance, process, ownPid, endedAgo, Demise.UNKNOWN);
  }
}
