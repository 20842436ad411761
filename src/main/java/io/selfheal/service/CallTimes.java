package io.selfheal.service;

import io.selfheal.message.ServiceRequests.Durations;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Durations of the calls of one service: those of the last five to ten minutes, in two histograms
 * of which the older is given up. About 15 KB while calls are made, nothing otherwise.
 */
final class CallTimes {
  private static final Duration HALF = Duration.ofMinutes(5);
  private static final long LONGEST_MICROS = Duration.ofDays(1).toMillis() * 1_000;
  private static final int DIGITS = 2;

  private @Nullable IntCountsHistogram newer;
  private @Nullable IntCountsHistogram older;
  private long turned;

  CallTimes(long mark) {
    turned = mark;
  }

  void add(long nanos, long mark) {
    turn(mark);
    IntCountsHistogram into = newer;
    if (into == null) {
      into = new IntCountsHistogram(DIGITS);
      newer = into;
    }
    into.recordValue(Math.clamp(nanos / 1_000, 0, LONGEST_MICROS));
  }

  /** Gives up what is too old. */
  void turn(long mark) {
    long passed = mark - turned;
    if (passed < HALF.toNanos()) {
      return;
    }
    older = passed < 2 * HALF.toNanos() ? newer : null;
    newer = null;
    turned = mark;
  }

  boolean empty() {
    return newer == null && older == null;
  }

  /** Null when there are none. */
  @Nullable Durations read(long mark) {
    turn(mark);
    if (empty()) {
      return null;
    }
    Histogram all = new Histogram(DIGITS);
    if (older != null) {
      all.add(older);
    }
    if (newer != null) {
      all.add(newer);
    }
    return new Durations(
        HALF,
        all.getTotalCount(),
        micros((long) all.getMean()),
        micros(all.getValueAtPercentile(50)),
        micros(all.getValueAtPercentile(90)),
        micros(all.getValueAtPercentile(99)),
        micros(all.getMaxValue()));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
