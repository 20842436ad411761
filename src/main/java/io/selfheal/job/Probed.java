package io.selfheal.job;

/** What the look into the catalog found. */
sealed interface Probed {
  /** The source can be swept. */
  record Fit(Statements statements) implements Probed {}

  /**
   * It cannot.
   *
   * @param problem what is missing, and what to do, for the operator
   */
  record Unfit(String problem) implements Probed {}
}
