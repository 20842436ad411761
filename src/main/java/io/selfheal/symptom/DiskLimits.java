package io.selfheal.symptom;

import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When a file system is too full. Pure. */
record DiskLimits(Band used, Band inodes, Optional<TimeLeft> timeLeft) {
  /**
   * What a reading says.
   *
   * @param space the trend of the bytes that are used
   * @param files the trend of the inodes that are used
   */
  Reading judge(Disk disk, Optional<Trend> space, Optional<Trend> files) {
    double free = (double) disk.usableBytes();
    double usedShare = 1 - free / disk.totalBytes();
    Map<String, Double> values = new HashMap<>();
    values.put("used_share", usedShare);
    values.put("free_bytes", free);
    StringBuilder words =
        new StringBuilder(
            "%s is %s full, %s are free"
                .formatted(disk.mount(), Amounts.share(usedShare), Amounts.bytes(free)));
    pace(space, free).ifPresent(words::append);
    space.ifPresent(trend -> put(values, "bytes", trend, free));
    Presence inodesLow = Presence.ABSENT;
    if (disk.totalInodes() > 0) {
      double share = 1 - (double) disk.freeInodes() / disk.totalInodes();
      values.put("used_inodes_share", share);
      inodesLow = inodes.of(share);
      words.append("; of its inodes %s are used".formatted(Amounts.share(share)));
      files.ifPresent(trend -> put(values, "inodes", trend, (double) disk.freeInodes()));
    }
    Presence soon = soon(disk, space, files);
    return new Reading(
        Subject.mount(disk.mount()),
        Band.any(List.of(used.of(usedShare), inodesLow, soon)),
        words.toString(),
        values);
  }

  private Presence soon(Disk disk, Optional<Trend> space, Optional<Trend> files) {
    if (timeLeft.isEmpty()) {
      return Presence.ABSENT;
    }
    Presence bytes = timeLeft.get().of(space, (double) disk.usableBytes());
    return disk.totalInodes() > 0
        ? Band.any(List.of(bytes, timeLeft.get().of(files, (double) disk.freeInodes())))
        : bytes;
  }

  private static Optional<String> pace(Optional<Trend> trend, double left) {
    return trend
        .filter(Trend::rises)
        .map(
            rising ->
                "; at %s a minute it is full in %s (%s to %s)"
                    .formatted(
                        Amounts.bytes(rising.perSecond() * 60),
                        Amounts.time(left / rising.perSecond()),
                        Amounts.time(left / rising.high()),
                        Amounts.time(left / rising.low())));
  }

  private static void put(Map<String, Double> values, String what, Trend trend, double left) {
    values.put("used_" + what + "_per_second", trend.perSecond());
    if (trend.rises()) {
      values.put("seconds_until_no_" + what, TimeLeft.seconds(trend, left));
    }
  }
}
