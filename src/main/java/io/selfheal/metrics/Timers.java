package io.selfheal.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Stream;

/** Histograms of durations, all with the same buckets: 5 ms to 5 min. */
final class Timers {
  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 20, 50, 100, 250, 500, 1000, 2500, 5000, 15_000, 60_000, 300_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private Timers() {}

  static Timer register(MeterRegistry registry, String name, String description, String... tags) {
    return Timer.builder(name)
        .description(description)
        .tags(Tags.of(tags))
        .serviceLevelObjectives(BUCKETS.clone())
        .register(registry);
  }
}
