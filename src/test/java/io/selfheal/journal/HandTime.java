package io.selfheal.journal;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that are turned by hand, from any thread. */
final class HandTime {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong();

  Time time() {
    return new Time(() -> START.plusNanos(nanos.get()), nanos::get);
  }

  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }
}
