package io.selfheal.heal;

import io.selfheal.heal.History.Start;
import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.rule.Guards;
import java.time.Duration;
import java.util.List;

/**
 * The pause between remedies of one rule on one subject, counted from the start of one to the start
 * of the next. It grows with each in a row.
 */
final class Cooldown {
  private static final Duration HEALTHY = Duration.ofHours(1);

  private Cooldown() {}

  static Ruling judge(Attempt attempt, History history, Around around) {
    Guards guards = attempt.rule().guards();
    List<Start> starts = history.starts(attempt.rule().name(), attempt.subject());
    List<Start> streak = streak(starts, guards, around.now());
    if (streak.isEmpty()) {
      return new Allowed(starts.isEmpty() ? "the first remedy" : "the first in a healthy hour");
    }
    Duration pause = pause(streak.size(), guards);
    Start last = streak.getLast();
    String rank =
        "the last start was %s at %s; after %d in a row the pause is %s"
            .formatted(last.remedy(), last.at().wall(), streak.size(), Words.duration(pause));
    return around.now().reached(last.at().in(pause))
        ? new Allowed(rank)
        : new Wait(last.at().in(pause), rank);
  }

  /** The starts since the last healthy hour, oldest first. */
  static List<Start> streak(List<Start> starts, Guards guards, Moment now) {
    int from = 0;
    for (int i = 1; i <= starts.size(); i++) {
      Moment next = i < starts.size() ? starts.get(i).at() : now;
      Duration quiet = next.since(starts.get(i - 1).at());
      if (quiet.compareTo(pause(i - from, guards).plus(HEALTHY)) >= 0) {
        from = i;
      }
    }
    return starts.subList(from, starts.size());
  }

  /**
   * {@code cooldown × backoff^(n-1)} after the n-th start in a row, at most {@code within}: longer
   * than that the limit of that period looks after it.
   */
  static Duration pause(int started, Guards guards) {
    Duration pause = guards.cooldown();
    Duration most = guards.within().compareTo(pause) < 0 ? pause : guards.within();
    for (int i = 1; i < started && guards.backoff() > 1 && pause.isPositive(); i++) {
      pause = pause.multipliedBy(guards.backoff());
      if (pause.compareTo(most) >= 0) {
        return most;
      }
    }
    return pause;
  }
}
