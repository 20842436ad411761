package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;

/**
 * {@code low_disk}: a file system has little space or few inodes left, or will soon have none.
 *
 * <pre>
 * where: {mount: /var/lib/models, window: 30m}     mounts, * for anything; default all
 * enter: {used: 90%, inodes: 90%, time_left: 1h}
 * leave: {used: 85%, inodes: 85%, time_left: 2h}
 * </pre>
 *
 * <p>{@code used} is the share of space, and {@code inodes} that of inodes, which a program without
 * privileges cannot have any more; a file system without a fixed number of inodes has no share of
 * them. {@code time_left} is judged only where it is written: the time after which, at the pace of
 * the {@code window} (30s to 7d, default 30m), space or inodes are used up. It counts when the use
 * rose steadily over all of the window and even the slowest pace that the readings allow is fast
 * enough; so a job that writes for less than three quarters of the window does not count. Until the
 * agent has watched for a window it is unknown.
 *
 * <p>It is there when one reaches {@code enter}, and gone when all are beyond {@code leave}: by
 * default 5 points lower, and twice the time. The subject is {@code mount/PATH}.
 */
final class LowDisk implements Symptom {
  private static final Duration LONGEST = Duration.ofDays(7);

  @Override
  public String name() {
    return "low_disk";
  }

  @Override
  public String description() {
    return "a file system has little space or few inodes left, or will soon have none";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    Choice mounts = Choice.from(where, "mount");
    Duration window =
        where.duration("window", Duration.ofMinutes(30), Duration.ofSeconds(30), LONGEST);
    DiskLimits limits =
        new DiskLimits(
            Band.share(enter, leave, "used", 0.9, 0.05),
            Band.share(enter, leave, "inodes", 0.9, 0.05),
            TimeLeft.from(enter, leave));
    return () -> new DiskSpace(mounts, window, limits);
  }
}
