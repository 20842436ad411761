package io.selfheal.job;

/** A source could not be read, judged or changed; the message is for the operator. */
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SourceFailed(String message) {
    super(message);
  }

  SourceFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
