package io.selfheal.job;

import java.time.Duration;

/**
 * How much of a database a sweep takes. While nobody else writes there, two batches are changed at
 * the same time, because one alone leaves processors idle between its statements. While others
 * write, small parts of it are, one after the other, so that no row is locked for long: as small as
 * the machine is slow; and behind each the sweep rests for eight times as long as that took, so
 * that their transactions keep most of their throughput. Pure.
 *
 * @param quiet looks in a row that saw nobody else write, up to {@link #ENOUGH}
 * @param gentle how many jobs are changed in one transaction while others write
 */
record Throttle(int quiet, int gentle) {
  /** So many looks make a database quiet again: short transactions are easily missed by one. */
  static final int ENOUGH = 4;

  /** Smaller parts are not worth a transaction of their own, unless that takes long. */
  static final int SMALLEST = 100;

  /** Transactions at the same time while nobody else writes. */
  static final int STREAMS = 2;

  private static final int MOST_GENTLE = 250;
  private static final int LEAST_GENTLE = 30;
  private static final int REST = 8;

  /** A part of a machine that does other work, too, may take many times as long as most do. */
  private static final Duration LONG = Duration.ofMillis(20);

  private static final Duration SHORT = Duration.ofMillis(8);
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  /** Nothing is known yet: gently, and what is done first is slow. */
  static final Throttle UNKNOWN = new Throttle(ENOUGH - 1, SMALLEST);

  /** After a look. */
  Throttle seen(boolean othersWrite) {
    return new Throttle(othersWrite ? 0 : Math.min(quiet + 1, ENOUGH), gentle);
  }

  /** A while later: one look that sees nobody makes a database quiet again that was so. */
  Throttle unsure() {
    return new Throttle(Math.min(quiet, ENOUGH - 1), gentle);
  }

  /** After so many were changed in one transaction while others wrote. */
  Throttle went(int jobs, Duration took) {
    if (took.compareTo(LONG) > 0) {
      return new Throttle(quiet, Math.clamp(jobs / 2, LEAST_GENTLE, gentle));
    }
    return jobs < gentle || took.compareTo(SHORT) > 0
        ? this
        : new Throttle(quiet, Math.min(2 * gentle, MOST_GENTLE));
  }

  /** How many transactions change rows at the same time. */
  int streams() {
    return quiet == ENOUGH ? STREAMS : 1;
  }

  /** How many jobs of a batch of so many are changed in one transaction. */
  int part(int jobs) {
    return quiet == ENOUGH ? Math.max(SMALLEST, Math.ceilDiv(jobs, STREAMS)) : gentle;
  }

  /** The pause after a part that took so long. */
  Duration rest(Duration took) {
    if (quiet == ENOUGH) {
      return Duration.ZERO;
    }
    Duration rest = took.multipliedBy(REST);
    return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
  }
}
