package io.selfheal.host;

import io.selfheal.message.HostSample.DiskActivity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Parses /proc/diskstats and computes rates. Pure. */
final class DiskTraffic {
  /** The unit of its sector counts, whatever the disk's own sector size is. */
  private static final long SECTOR_BYTES = 512;

  /** Devices that are no disks, or whose traffic is that of another disk. */
  private static final List<String> NOISE = List.of("loop", "ram", "zram", "fd", "sr", "dm-");

  private DiskTraffic() {}

  /** Counters of one device since boot. */
  record Counters(long readSectors, long writtenSectors, long busyMillis) {}

  /** Whole disks, in the kernel's order. */
  static Map<String, Counters> parse(Fields fields, Predicate<String> whole) {
    Map<String, Counters> counters = new LinkedHashMap<>();
    for (; fields.hasLine(); fields.nextLine()) {
      fields.skip(2);
      String device = fields.word(' ');
      if (device.isEmpty() || NOISE.stream().anyMatch(device::startsWith) || !whole.test(device)) {
        continue;
      }
      fields.skip(2);
      long read = fields.number();
      fields.skip(3);
      long written = fields.number();
      fields.skip(2);
      long busy = fields.number();
      counters.put(device, new Counters(read, written, busy));
    }
    return counters;
  }

  /** The rates between two readings; a disk that is new or started over is left out. */
  static Reading<List<DiskActivity>> between(
      @Nullable Map<String, Counters> before, Map<String, Counters> now, Duration elapsed) {
    if (before == null) {
      return new Reading.None<>(Reading.NEEDS_TWO);
    }
    List<DiskActivity> activity = new ArrayList<>(now.size());
    for (Map.Entry<String, Counters> entry : now.entrySet()) {
      Counters was = before.get(entry.getKey());
      Counters is = entry.getValue();
      if (was == null) {
        continue;
      }
      OptionalDouble read = Rates.perSecond(was.readSectors(), is.readSectors(), elapsed);
      OptionalDouble written = Rates.perSecond(was.writtenSectors(), is.writtenSectors(), elapsed);
      OptionalDouble busy = Rates.perSecond(was.busyMillis(), is.busyMillis(), elapsed);
      if (read.isPresent() && written.isPresent() && busy.isPresent()) {
        activity.add(
            new DiskActivity(
                entry.getKey(),
                read.getAsDouble() * SECTOR_BYTES,
                written.getAsDouble() * SECTOR_BYTES,
                Math.min(1, busy.getAsDouble() / 1000)));
      }
    }
    if (activity.isEmpty() && !now.isEmpty()) {
      return new Reading.None<>(Reading.STARTED_OVER);
    }
    return new Reading.Data<>(List.copyOf(activity));
  }
}
