package io.selfheal.host;

import io.selfheal.bus.Time;
import io.selfheal.message.HostSample.DiskActivity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traffic of the disks, from /proc/diskstats: OSHI asks udev for every device each time, which
 * costs over 1 ms and does not work without udev.
 */
final class DiskActivityCollector implements Collector<List<DiskActivity>> {
  private static final Path WHOLE_DISKS = Path.of("/sys/block");

  private final KernelFile file = new KernelFile(Path.of("/proc/diskstats"));
  private final Map<String, Boolean> whole = new HashMap<>();
  private final Time time;
  private @Nullable Map<String, DiskTraffic.Counters> before;
  private long mark;

  DiskActivityCollector(Time time) {
    this.time = time;
  }

  @Override
  public Reading<List<DiskActivity>> collect() throws IOException {
    Map<String, DiskTraffic.Counters> now = DiskTraffic.parse(file.read(), this::isWhole);
    long markNow = time.mark();
    Reading<List<DiskActivity>> reading =
        DiskTraffic.between(before, now, Duration.ofNanos(markNow - mark));
    before = now;
    mark = markNow;
    return reading;
  }

  /** Partitions have no entry of their own there; their traffic is in their disk's. */
  private boolean isWhole(String device) {
    return whole.computeIfAbsent(
        device,
        name ->
            !Files.isDirectory(WHOLE_DISKS)
                || Files.exists(WHOLE_DISKS.resolve(name.replace('/', '!'))));
  }
}
