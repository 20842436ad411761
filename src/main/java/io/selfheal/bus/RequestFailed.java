package io.selfheal.bus;

/** A request had no good answer. */
public final class RequestFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The answerer threw, or its future failed. */
    FAILED,
    /** The answerer was too slow; it may still finish. */
    TIMED_OUT,
    /** The verticle that answers is not deployed. */
    NOBODY_ANSWERS
  }

  private final Reason reason;

  /** Says which request failed, and how. */
  public RequestFailed(Reason reason, String address, String detail) {
    super(address + ": " + detail);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
