package io.selfheal.store;

/** The schema could not be brought up to date. Says where, why, and what to do. */
public final class MigrationFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The database does not answer; later it may. */
    UNREACHABLE,
    /** The user lacks a privilege. */
    NOT_PERMITTED,
    /** A pooler stands before the database, and migrating through it would harm others. */
    POOLED,
    /** A newer agent has migrated the schema. */
    SCHEMA_TOO_NEW,
    /** A migration itself failed; the schema is as before it. */
    FAILED
  }

  private final Reason reason;

  MigrationFailed(Reason reason, PostgresUrl url, String why, String hint, Throwable cause) {
    super("Cannot migrate schema selfheal in " + url + ": " + why + "; " + hint, cause);
    this.reason = reason;
  }

  MigrationFailed(Reason reason, PostgresUrl url, String why, String hint) {
    super("Cannot migrate schema selfheal in " + url + ": " + why + "; " + hint);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
