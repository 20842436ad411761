package io.selfheal.job;

import io.selfheal.message.TraceRequests.End;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the source's database that waits for a lock.
 *
 * @param session who is connected
 * @param end where its client is; null over a Unix socket, or when the role may not see it
 * @param waits since it began to wait; null when PostgreSQL does not say
 * @param statement since its statement began; null when the role may not see it
 */
record LockWait(
    Session session, @Nullable End end, @Nullable Duration waits, @Nullable Duration statement) {
  int pid() {
    return session.pid();
  }

  /** Whether it has waited that long, or that is not known. */
  boolean lasts(Duration enough) {
    Duration most = waits == null ? statement : waits;
    return most == null || most.compareTo(enough) >= 0;
  }

  /** Whether it provably began to wait before that. */
  boolean olderThan(Duration age) {
    return waits != null && waits.compareTo(age) > 0;
  }

  /** For how long, in words; empty when it is not known. */
  String lasted() {
    Duration most = waits == null ? statement : waits;
    return most == null ? "" : " for " + Ages.text(most);
  }
}
