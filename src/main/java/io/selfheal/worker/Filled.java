package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A slot with the process that fills it, or filled it last.
 *
 * @param ownPid the pid by which the process knows itself; another one in a container
 * @param endedAgo since it was seen to end; null while it lives
 */
record Filled(
    String worker,
    String instance,
    ProcessIdentity process,
    long ownPid,
    @Nullable Duration endedAgo) {}
