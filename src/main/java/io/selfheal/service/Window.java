package io.selfheal.service;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the last time: a ring of twelve slices. A slice is forgotten as a whole, so the
 * window is up to a twelfth shorter than configured.
 */
final class Window {
  private static final int SLICES = 12;
  private static final int FIELDS = 3;
  private static final int CALLS = 0;
  private static final int FAILURES = 1;
  private static final int SLOW = 2;

  private final BreakerConfig config;
  private final long sliceNanos;
  private final long origin;
  private final int[] counts = new int[SLICES * FIELDS];
  private final int[] sums = new int[FIELDS];
  private long newest;
  private int consecutive;
  private long lastFailure;

  Window(BreakerConfig config, long mark) {
    this.config = config;
    this.sliceNanos = Math.max(1, config.window().toNanos() / SLICES);
    this.origin = mark;
  }

  /** Forgets what is too old. */
  void advance(long mark) {
    long slice = (mark - origin) / sliceNanos;
    if (slice == newest) {
      return;
    }
    if (slice - newest >= SLICES) {
      Arrays.fill(counts, 0);
      Arrays.fill(sums, 0);
      newest = slice;
      return;
    }
    while (newest < slice) {
      newest++;
      int at = at(newest);
      for (int field = 0; field < FIELDS; field++) {
        sums[field] -= counts[at + field];
        counts[at + field] = 0;
      }
    }
  }

  private static int at(long slice) {
    return (int) (slice % SLICES) * FIELDS;
  }

  /** A call that counts. */
  void add(long mark, boolean failed, boolean slow) {
    advance(mark);
    int at = at(newest);
    count(at, CALLS);
    if (slow) {
      count(at, SLOW);
    }
    if (!failed) {
      consecutive = 0;
      return;
    }
    count(at, FAILURES);
    boolean stale = mark - lastFailure > config.window().toNanos();
    consecutive = stale ? 1 : consecutive + 1;
    lastFailure = mark;
  }

  private void count(int at, int field) {
    counts[at + field]++;
    sums[field]++;
  }

  /** Why the breaker must open, in words; null when it need not. */
  @Nullable String cause() {
    if (config.consecutive() > 0 && consecutive >= config.consecutive()) {
      return consecutive + " failures in a row";
    }
    int calls = sums[CALLS];
    if (calls < config.minimumCalls()) {
      return null;
    }
    if (sums[FAILURES] >= config.failureRate() * calls) {
      return sums[FAILURES] + " of " + calls + " calls failed within " + Words.of(config.window());
    }
    if (sums[SLOW] >= config.slowRate() * calls) {
      return sums[SLOW]
          + " of "
          + calls
          + " calls within "
          + Words.of(config.window())
          + " took "
          + Words.of(config.slowCall())
          + " or longer";
    }
    return null;
  }

  int calls() {
    return sums[CALLS];
  }

  int failures() {
    return sums[FAILURES];
  }

  int slow() {
    return sums[SLOW];
  }

  int consecutive() {
    return consecutive;
  }
}
