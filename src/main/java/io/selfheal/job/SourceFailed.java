package io.selfheal.job;

/** A source could not be read, judged or changed; the message is for the operator. */
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofRows;

  SourceFailed(String message) {
    super(message);
    this.ofRows = false;
  }

  SourceFailed(String message, Throwable cause) {
    this(message, cause, false);
  }

  /**
   * One whose cause is known.
   *
   * @param ofRows whether it lies in what was to be written, so that other rows may well be changed
   */
  SourceFailed(String message, Throwable cause, boolean ofRows) {
    super(message, cause);
    this.ofRows = ofRows;
  }

  /** Whether other rows of the same transaction may well be changed without it. */
  boolean ofRows() {
    return ofRows;
  }
}
