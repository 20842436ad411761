package io.selfheal.job;

import io.selfheal.bus.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest counts of one source. A count reads the whole table, so it takes at most a hundredth
 * of the time: after a count of 2 s, which is its limit, there is none for 200 s.
 */
final class Counting {
  private static final Logger LOG = LoggerFactory.getLogger(Counting.class);
  private static final int PAUSE_FACTOR = 100;

  private final String name;
  private final PgSource source;
  private final Time time;
  private PgSource.@Nullable Counts counts;
  private Duration pause = Duration.ZERO;
  private long counted;

  Counting(String name, PgSource source, Time time) {
    this.name = name;
    this.source = source;
    this.time = time;
    this.counted = time.mark();
  }

  /**
   * Counts if it may. When counting fails, nothing is known, and that is no problem of sweeping.
   */
  void count(Statements statements) {
    if (time.since(counted).compareTo(pause) < 0) {
      return;
    }
    long mark = time.mark();
    try {
      counts = Waiting.on(source.count(statements), "count jobs");
    } catch (SourceFailed failure) {
      counts = null;
      LOG.debug("No counts of {}", name, failure);
    }
    counted = time.mark();
    pause = time.since(mark).multipliedBy(PAUSE_FACTOR);
  }

  /** Nothing is known any more. */
  void forget() {
    counts = null;
  }

  /** Null when nothing is known. */
  PgSource.@Nullable Counts counts() {
    return counts;
  }
}
