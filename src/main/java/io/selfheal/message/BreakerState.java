package io.selfheal.message;

/** The states of a service's breaker. */
public enum BreakerState {
  /** Calls pass. */
  CLOSED,
  /** Calls are refused until the breaker has waited. */
  OPEN,
  /** A few calls pass, to see. */
  HALF_OPEN,
  /** A person wants every call refused. */
  FORCED_OPEN,
  /** A person wants every call to pass; what the calls tell is counted, and opens nothing. */
  FORCED_CLOSED,
  /** A person wants no breaker: calls pass, and nothing of them is counted for it. */
  DISABLED
}
