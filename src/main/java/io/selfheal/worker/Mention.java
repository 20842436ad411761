package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process in the view of an agent. Times are of the database's clock, so that every agent can
 * tell its age.
 *
 * @param process with its pid in the agent's namespace
 * @param ownPid the pid by which it knows itself, and writes into rows
 * @param startedAt when it was started
 * @param endedAt when it was seen to end; null while it lives
 * @param vacant it has ended, and no process had its pid when the agent looked
 */
record Mention(
    String worker,
    String instance,
    ProcessIdentity process,
    long ownPid,
    Instant startedAt,
    @Nullable Instant endedAt,
    boolean vacant) {

  boolean living() {
    return endedAt == null;
  }

  /** Whether it calls itself by another pid than its agent does. */
  boolean walled() {
    return ownPid != process.pid();
  }

  @Override
  public String toString() {
    return process + " of " + instance;
  }
}
