package io.selfheal.job;

import java.time.Duration;

/** Where and how one source keeps its jobs, as configured. Pure. */
interface Layout {
  /** The table to look up in the catalog, and to name to people. */
  TableName table();

  /** Whether rows say who holds them. */
  boolean hasHolder();

  /** Whether jobs have heartbeats of their own. */
  boolean hasHeartbeat();

  /** Whether it has a place for dead letters. */
  boolean hasDeadLetters();

  /**
   * Checks the catalog and makes the statements.
   *
   * @param reach which running jobs the look must return
   */
  Probed probe(Catalog catalog, Reach reach);

  /** Which running jobs a look returns. */
  sealed interface Reach {
    /** All: a holder may be dead however young the job is. */
    record All() implements Reach {}

    /** Nobody can say who holds them, so only old ones matter. */
    record OlderThan(Duration age) implements Reach {}
  }
}
