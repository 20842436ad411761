package io.selfheal.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A database cannot be used now; the same call may work later. Says which, why, and since when. */
public final class DatabaseUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String database;
  private final String reason;
  private final transient Instant since;

  DatabaseUnavailable(
      String database, String where, String reason, Instant since, @Nullable Throwable cause) {
    super("The " + database + " at " + where + " is away since " + since + ": " + reason, cause);
    this.database = database;
    this.reason = reason;
    this.since = since;
  }

  /** Which: the name of its breaker. */
  public String database() {
    return database;
  }

  /** Why, in words for an operator. */
  public String reason() {
    return reason;
  }

  /** When it was first found away. */
  public Instant since() {
    return since;
  }
}
