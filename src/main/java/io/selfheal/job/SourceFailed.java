package io.selfheal.job;

/** A source could not be read, judged or changed; the message is for the operator. */
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean unfit;

  SourceFailed(String message) {
    this(message, false);
  }

  SourceFailed(String message, Throwable cause) {
    super(message, cause);
    this.unfit = false;
  }

  private SourceFailed(String message, boolean unfit) {
    super(message);
    this.unfit = unfit;
  }

  /** The look into the catalog found that it cannot be swept as it is. */
  static SourceFailed unfit(String message) {
    return new SourceFailed(message, true);
  }

  /** Whether the source itself does not fit, rather than could not be reached. */
  boolean isUnfit() {
    return unfit;
  }
}
