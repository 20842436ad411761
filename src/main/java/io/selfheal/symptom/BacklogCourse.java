package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.symptom.QueueBacklog.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How the ready jobs of one source have become more or fewer. Pure.
 *
 * @param counts oldest first: the newest one that is older than the thresholds' {@code over}, and
 *     all after it
 */
record BacklogCourse(List<Count> counts) {
  /** Nothing was counted yet. */
  static final BacklogCourse NEW = new BacklogCourse(List.of());

  /**
   * One count.
   *
   * @param oldest how long the oldest waits; null when none is ready or that is not known
   * @param mark when it was counted
   */
  record Count(long ready, @Nullable Duration oldest, long mark) {}

  /** What it means. */
  record Judged(Presence presence, String evidence, Map<String, Double> values) {}

  /** Copies the list. */
  BacklogCourse {
    counts = List.copyOf(counts);
  }

  /** After a count. */
  BacklogCourse next(Count count, Duration over) {
    List<Count> kept = new ArrayList<>(counts);
    kept.add(count);
    while (kept.size() > 2 && count.mark() - kept.get(1).mark() >= over.toNanos()) {
      kept.removeFirst();
    }
    return new BacklogCourse(kept);
  }

  /** What the newest count means. */
  Judged judge(Thresholds thresholds) {
    Count now = counts.getLast();
    String seen = words(now);
    boolean unsaid = thresholds.longest().isPresent() && now.ready() > 0 && now.oldest() == null;
    if (unsaid && !above(now, thresholds)) {
      return new Judged(
          Presence.UNKNOWN, seen + "; the rows do not say since when they wait", values(now));
    }
    if (below(now, thresholds)) {
      return new Judged(Presence.ABSENT, seen, values(now));
    }
    return above(now, thresholds)
        ? course(now, thresholds)
        : new Judged(Presence.BETWEEN, seen, values(now));
  }

  private Judged course(Count now, Thresholds thresholds) {
    Count then = counts.getFirst();
    Duration passed = Duration.ofNanos(now.mark() - then.mark());
    Map<String, Double> values = values(now);
    if (passed.compareTo(thresholds.over()) < 0 || !above(then, thresholds)) {
      return new Judged(
          Presence.BETWEEN, words(now) + "; not for long enough to tell a burst", values);
    }
    double growth = (now.ready() - then.ready()) / (passed.toMillis() / 1000.0);
    values.put("growth_per_second", growth);
    String course = words(now) + "; over the last " + Spoken.of(passed) + " ";
    if (growth >= 0) {
      return new Judged(
          Presence.PRESENT, course + Spoken.number(growth) + " more each second", values);
    }
    double seconds = now.ready() / -growth;
    values.put("drained_in_seconds", seconds);
    // More seconds than a duration has are long enough, too.
    boolean drains = seconds <= thresholds.drainsWithin().toMillis() / 1000.0;
    String rate = course + Spoken.number(-growth) + " fewer each second: worked off in ";
    return new Judged(
        drains ? Presence.BETWEEN : Presence.PRESENT, rate + Spoken.seconds(seconds), values);
  }

  private static boolean above(Count count, Thresholds thresholds) {
    OptionalLong ready = thresholds.ready();
    Duration wait = count.oldest();
    return (ready.isPresent() && count.ready() >= ready.getAsLong())
        || (wait != null
            && thresholds.longest().filter(most -> wait.compareTo(most) >= 0).isPresent());
  }

  private static boolean below(Count count, Thresholds thresholds) {
    Duration wait = count.oldest();
    boolean few = thresholds.ready().isEmpty() || count.ready() <= thresholds.leaveReady();
    boolean shortly =
        thresholds.longest().isEmpty()
            || count.ready() == 0
            || (wait != null && wait.compareTo(thresholds.leaveWait()) <= 0);
    return few && shortly;
  }

  private static String words(Count count) {
    Duration wait = count.oldest();
    return count.ready()
        + " jobs are ready"
        + (wait == null ? "" : ", the oldest for " + Spoken.of(wait));
  }

  private static Map<String, Double> values(Count count) {
    Map<String, Double> values = new HashMap<>();
    values.put("ready_jobs", (double) count.ready());
    Duration wait = count.oldest();
    if (wait != null) {
      values.put("oldest_wait_seconds", wait.toMillis() / 1000.0);
    }
    return values;
  }
}
