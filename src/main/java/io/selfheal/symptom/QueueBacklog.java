package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Ready jobs of a source pile up, and are not being worked off. Subject: {@code source/NAME}.
 *
 * <p>Keys of {@code where}: {@code source}, a name or a list of names (default: every source).
 *
 * <p>Keys of {@code enter}: {@code ready} (so many ready jobs, 1 to 2000000000), {@code wait} (the
 * oldest of them waits so long, 1s to 30d); at least one of the two. {@code over} (1m, 1s to 1h):
 * it must have been so for as long as that already, and the drain rate is measured over it. {@code
 * drains_within} (10m, 1s to 7d): what would be worked off within that, at this rate, is a burst
 * and no backlog.
 *
 * <p>Keys of {@code leave}: {@code ready} and {@code wait}, each half of that of {@code enter} by
 * default; it is gone when it is below all that are given.
 *
 * <p>The drain rate is what ready jobs become fewer by: jobs that were taken, less jobs that came.
 * Jobs are counted every 15 s at most, and less often where a count takes long; between two counts
 * nothing is said. How long the oldest waits is not known of a mapped table without the column
 * {@code queued}, nor of procrastinate: where only that could tell, nothing is known.
 */
final class QueueBacklog implements Symptom {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MOST = 2_000_000_000;

  @Override
  public String name() {
    return "queue_backlog";
  }

  @Override
  public String description() {
    return "ready jobs of a source pile up and are not worked off";
  }

  /**
   * When it is there, and when it is gone.
   *
   * @param ready empty: however many
   * @param longest empty: however long
   */
  record Thresholds(
      OptionalLong ready,
      Optional<Duration> longest,
      long leaveReady,
      Duration leaveWait,
      Duration over,
      Duration drainsWithin) {}

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> sources = where.texts("source", List.of());
    boolean byReady = enter.has("ready");
    boolean byWait = enter.has("wait");
    if (!byReady && !byWait) {
      enter.reject(
          "ready", "is missing, and so is wait", "write ready: 1000, or wait: 5m, or both");
    }
    int ready = enter.integer("ready", MOST, 1, MOST);
    Duration wait = enter.duration("wait", Duration.ofDays(30), SECOND, Duration.ofDays(30));
    int leaveReady = leave.integer("ready", ready / 2, 0, MOST);
    Duration leaveWait =
        leave.duration("wait", wait.dividedBy(2), Duration.ZERO, Duration.ofDays(30));
    if (leaveReady > ready) {
      leave.reject("ready", "is more than enter.ready", "write less, such as " + ready / 2);
    }
    if (leaveWait.compareTo(wait) > 0) {
      leave.reject("wait", "is longer than enter.wait", "write less");
    }
    Thresholds thresholds =
        new Thresholds(
            byReady ? OptionalLong.of(ready) : OptionalLong.empty(),
            byWait ? Optional.of(wait) : Optional.empty(),
            leaveReady,
            leaveWait,
            enter.duration("over", Duration.ofMinutes(1), SECOND, Duration.ofHours(1)),
            enter.duration("drains_within", Duration.ofMinutes(10), SECOND, Duration.ofDays(7)));
    return () -> new BacklogDetector(sources, thresholds);
  }
}
