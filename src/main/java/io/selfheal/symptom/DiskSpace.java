package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How full the chosen file systems are. Of each it keeps two series. */
final class DiskSpace implements Detector {
  private final Choice mounts;
  private final Duration window;
  private final DiskLimits limits;
  private final Map<String, Filling> known = new LinkedHashMap<>();

  private record Filling(Series bytes, Series inodes) {}

  DiskSpace(Choice mounts, Duration window, DiskLimits limits) {
    this.mounts = mounts;
    this.window = window;
    this.limits = limits;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return event instanceof HostEvent.Sampled sampled
        ? read(sampled.host(), around.time().mark())
        : List.of();
  }

  private List<Reading> read(HostSample host, long mark) {
    List<Disk> disks = host.disks();
    List<Reading> readings = new ArrayList<>();
    if (disks == null) {
      String why = host.problems().getOrDefault("disks", "the host gave no reading of them");
      known.keySet().forEach(mount -> readings.add(unknown(mount, why)));
      return readings;
    }
    Set<String> missing = new HashSet<>(known.keySet());
    for (Disk disk : disks) {
      if (mounts.has(disk.mount()) && disk.totalBytes() > 0 && room(disk.mount())) {
        missing.remove(disk.mount());
        readings.add(read(disk, mark));
      }
    }
    for (String mount : missing) {
      known.remove(mount);
      readings.add(
          new Reading(Subject.mount(mount), Presence.GONE, mount + " is not mounted any more"));
    }
    return readings;
  }

  private boolean room(String mount) {
    return known.containsKey(mount) || known.size() < Watched.MOST;
  }

  private static Reading unknown(String mount, String why) {
    return new Reading(
        Subject.mount(mount), Presence.UNKNOWN, "nothing is known of its space: " + why);
  }

  private Reading read(Disk disk, long mark) {
    Filling filling =
        known.computeIfAbsent(
            disk.mount(), mount -> new Filling(new Series(window), new Series(window)));
    filling.bytes.add(mark, (double) disk.totalBytes() - disk.usableBytes());
    filling.inodes.add(mark, (double) disk.totalInodes() - disk.freeInodes());
    return limits.judge(disk, filling.bytes.trend(), filling.inodes.trend());
  }
}
