package io.selfheal.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps another one from its lock.
 *
 * @param state as PostgreSQL calls it; null when the role may not see it
 * @param stateAge since it is in that state; null likewise
 * @param transactionAge since its transaction began; null likewise, or when it has none
 */
record Blocker(
    Session session,
    @Nullable String state,
    @Nullable Duration stateAge,
    @Nullable Duration transactionAge) {
  int pid() {
    return session.pid();
  }

  /** Whether the role may not see what it does. */
  boolean hidden() {
    return pid() != 0 && session.user() != null && state == null;
  }

  /** For an operator: {@code pid 812 (psql, alice, idle in transaction for 3 min): UPDATE …}. */
  String sentence() {
    if (pid() == 0) {
      return "a prepared transaction (see pg_prepared_xacts)";
    }
    if (session.user() == null) {
      return "pid " + pid() + ", which has ended meanwhile";
    }
    return "pid " + pid() + " (" + session.names() + doing() + ")" + session.said();
  }

  private String doing() {
    if (state == null) {
      return ", its doings are hidden from the agent's role";
    }
    boolean idle = state.startsWith("idle in transaction");
    Duration age = idle || transactionAge == null ? stateAge : transactionAge;
    String how = idle ? state : state + ", in its transaction";
    return ", " + how + (age == null ? "" : " for " + Ages.text(age));
  }
}
