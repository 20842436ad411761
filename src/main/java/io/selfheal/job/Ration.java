package io.selfheal.job;

import java.time.Duration;

/**
 * How many jobs of a source are changed in one transaction, as far as the changes themselves tell.
 * Rows with large payloads, or with slow triggers, take so long that the database ends a statement
 * over many of them; all that it wrote is then lost, and bloats the table. So after one such end
 * far fewer are tried, and twice as many again only when it went quickly. Pure.
 *
 * @param most from 1
 */
record Ration(int most) {
  /** Nothing was slow. */
  static final Ration ANY = new Ration(Integer.MAX_VALUE);

  /** Each end costs the time limit, and so a few steps lead down from a batch to a single job. */
  private static final int STEP = 8;

  private static final Duration QUICK = Duration.ofSeconds(1);

  /** So many that went quickly are as many as any batch has. */
  private static final int ENOUGH = 10_000;

  /** The database ended a statement over so many. */
  Ration slow(int jobs) {
    return new Ration(Math.max(1, Math.min(jobs, most) / STEP));
  }

  /** So many were changed in that time. */
  Ration went(int jobs, Duration took) {
    if (jobs < most || took.compareTo(QUICK) >= 0) {
      return this;
    }
    return most >= ENOUGH ? ANY : new Ration(2 * most);
  }
}
