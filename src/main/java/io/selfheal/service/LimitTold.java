package io.selfheal.service;

import io.selfheal.message.LimitEvent.Limit;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * When each limit of a service was told last: thousands of refusals are one piece of news a minute.
 */
final class LimitTold {
  private static final long EVERY = Duration.ofMinutes(1).toNanos();

  private final Map<Limit, Count> counts = new EnumMap<>(Limit.class);

  private static final class Count {
    private boolean told;
    private long toldAt;
    private long refused;
  }

  /** Counts one; how many are to be told now, or 0. */
  long count(Limit limit, long mark) {
    Count count = counts.computeIfAbsent(limit, fresh -> new Count());
    count.refused++;
    if (count.told && mark - count.toldAt < EVERY) {
      return 0;
    }
    long sum = count.refused;
    count.told = true;
    count.toldAt = mark;
    count.refused = 0;
    return sum;
  }
}
