package io.selfheal.host;

import io.selfheal.message.HostSample.Load;
import oshi.SystemInfo;

/** Load averages. */
final class LoadCollector implements Collector<Load> {
  private final SystemInfo system;

  LoadCollector(SystemInfo system) {
    this.system = system;
  }

  @Override
  public Reading<Load> collect() {
    return parse(system.getHardware().getProcessor().getSystemLoadAverage(3));
  }

  /** Negative values say that the platform has none. */
  static Reading<Load> parse(double[] averages) {
    if (averages.length < 3 || averages[0] < 0 || averages[1] < 0 || averages[2] < 0) {
      return new Reading.None<>("no data: this system has no load averages");
    }
    return new Reading.Data<>(new Load(averages[0], averages[1], averages[2]));
  }
}
