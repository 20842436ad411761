package io.selfheal.job;

/** A source could not be read, judged or changed; the message is for the operator. */
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Cause cause;

  SourceFailed(String message) {
    this(message, Cause.OTHER);
  }

  SourceFailed(String message, Throwable cause) {
    this(message, cause, Cause.OTHER);
  }

  private SourceFailed(String message, Cause cause) {
    super(message);
    this.cause = cause;
  }

  private SourceFailed(String message, Throwable failure, Cause cause) {
    super(message, failure);
    this.cause = cause;
  }

  private enum Cause {
    UNFIT,
    ROWS,
    SLOW,
    LOCKED,
    OTHER
  }

  /** The look into the catalog found that it cannot be swept as it is. */
  static SourceFailed unfit(String message) {
    return new SourceFailed(message, Cause.UNFIT);
  }

  /** What was to be written is not allowed. */
  static SourceFailed ofRows(String message, Throwable failure) {
    return new SourceFailed(message, failure, Cause.ROWS);
  }

  /** The database ended a change, because it took too long or because somebody wanted so. */
  static SourceFailed slow(String message, Throwable failure) {
    return new SourceFailed(message, failure, Cause.SLOW);
  }

  /** Another session has locked what a change needs, for longer than that waits. */
  static SourceFailed locked(String message, Throwable failure) {
    return new SourceFailed(message, failure, Cause.LOCKED);
  }

  /** Whether that passes when another session ends its transaction. */
  boolean isLocked() {
    return cause == Cause.LOCKED;
  }

  /** Whether fewer rows at once may well be changed. */
  boolean isSlow() {
    return cause == Cause.SLOW;
  }

  /** Whether the source itself does not fit, rather than could not be reached. */
  boolean isUnfit() {
    return cause == Cause.UNFIT;
  }

  /** Whether other rows of the same transaction may well be changed without some of them. */
  boolean isOfRows() {
    return cause == Cause.ROWS;
  }
}
