package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.message.WorkerEvent.Lost;
import io.selfheal.symptom.CrashLoop.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one worker, or one slot of it, was lost and came back. Pure.
 *
 * @param losses the marks of the losses that count, oldest first
 * @param since the mark from which its newest process runs; null when none does
 * @param newest how the newest loss was known; empty when there was none
 */
record CrashCourse(List<Long> losses, @Nullable Long since, String newest) {
  /** Nothing was seen yet. */
  static final CrashCourse NEW = new CrashCourse(List.of(), null, "");

  /** Copies the list. */
  CrashCourse {
    losses = List.copyOf(losses);
  }

  /** A process runs from now on. */
  CrashCourse runs(long mark) {
    return new CrashCourse(losses, mark, newest);
  }

  /** It was ended because it was asked for. */
  CrashCourse stopped() {
    return new CrashCourse(losses, null, newest);
  }

  /** It is lost. */
  CrashCourse lost(Lost lost, long mark, Limits limits) {
    List<Long> kept = new ArrayList<>(losses);
    if (counts(lost, limits.within())) {
      kept.add(mark);
    }
    while (kept.size() > limits.lost()) {
      kept.removeFirst();
    }
    return new CrashCourse(kept, null, lost.evidence());
  }

  private static boolean counts(Lost lost, Duration within) {
    return switch (lost.end()) {
      case ORDERLY -> false;
      case CRASHED -> true;
      case UNKNOWN -> lost.uptime().compareTo(within) < 0;
    };
  }

  /** How many of the newest losses are within the period; at most as many as make a loop. */
  long recent(long mark, Duration within) {
    return losses.stream().filter(loss -> mark - loss <= within.toNanos()).count();
  }

  /** For how long its newest process runs; zero when none does. */
  Duration up(long mark) {
    return since == null ? Duration.ZERO : Duration.ofNanos(mark - since);
  }

  /** What that means. */
  Presence judge(long mark, Limits limits) {
    if (since != null && up(mark).compareTo(limits.up()) >= 0) {
      return Presence.ABSENT;
    }
    return recent(mark, limits.within()) >= limits.lost() ? Presence.PRESENT : Presence.BETWEEN;
  }
}
