package io.selfheal.host;

import java.time.Duration;
import oshi.SystemInfo;

/** Time since boot. */
final class UptimeCollector implements Collector<Duration> {
  private final SystemInfo system;

  UptimeCollector(SystemInfo system) {
    this.system = system;
  }

  @Override
  public Reading<Duration> collect() {
    return new Reading.Data<>(Duration.ofSeconds(system.getOperatingSystem().getSystemUptime()));
  }
}
