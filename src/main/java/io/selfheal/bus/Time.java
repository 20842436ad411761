package io.selfheal.bus;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks, handed in so that tests can turn them by hand.
 *
 * @param wall the time of day, for what people read; it may jump
 * @param nanos a clock that only goes forward, for durations
 */
public record Time(InstantSource wall, LongSupplier nanos) {
  /** The time of day. */
  public Instant now() {
    return wall.instant();
  }

  /** A point on the forward clock, in nanoseconds; only differences mean anything. */
  public long mark() {
    return nanos.getAsLong();
  }

  /** What has passed since a mark. */
  public Duration since(long mark) {
    return Duration.ofNanos(nanos.getAsLong() - mark);
  }
}
