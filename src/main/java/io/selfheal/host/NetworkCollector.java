package io.selfheal.host;

import io.selfheal.bus.Time;
import io.selfheal.message.HostSample.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traffic of the interfaces, from /proc/net/dev: OSHI reads ten files of /sys for each interface
 * each time.
 */
final class NetworkCollector implements Collector<List<Network>> {
  private final KernelFile file = new KernelFile(Path.of("/proc/net/dev"));
  private final Time time;
  private @Nullable Map<String, NetworkTraffic.Counters> before;
  private long mark;

  NetworkCollector(Time time) {
    this.time = time;
  }

  @Override
  public Reading<List<Network>> collect() throws IOException {
    Map<String, NetworkTraffic.Counters> now = NetworkTraffic.parse(file.read());
    long markNow = time.mark();
    Reading<List<Network>> reading =
        NetworkTraffic.between(before, now, Duration.ofNanos(markNow - mark));
    before = now;
    mark = markNow;
    return reading;
  }
}
