package io.selfheal.heal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the time of day stood to the forward clock, since the machine was started. What is stored
 * bears the time of day; while the agent is away, or before, that may have been set. The forward
 * clock is that of the kernel, which goes on through restarts of the agent, so the age of what is
 * stored can be told all the same. A pure value.
 *
 * @param boot the start of the machine that it is of; of another one nothing is known
 * @param settings of the time of day, oldest first
 */
record ClockLog(String boot, List<Setting> settings) {
  /** Nothing is known: an age is told by the time of day. */
  static final ClockLog NONE = new ClockLog("", List.of());

  /** Less is no setting: the two clocks are read one after the other. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final int MOST = 100;

  ClockLog {
    settings = List.copyOf(settings);
  }

  /**
   * From a moment on the time of day was so far ahead of the forward clock.
   *
   * @param mark the moment on the forward clock, in nanoseconds
   * @param ahead in milliseconds
   */
  record Setting(long mark, long ahead) {}

  /** With what the clocks say now; the same when that is nothing new. */
  ClockLog seen(String now, Moment at) {
    Setting setting = new Setting(at.mark(), ahead(at));
    boolean same = boot.equals(now) && !now.isEmpty() && !settings.isEmpty();
    if (!same || at.mark() < settings.getLast().mark()) {
      return now.isEmpty() ? NONE : new ClockLog(now, List.of(setting));
    }
    if (Math.abs(setting.ahead() - settings.getLast().ahead()) < SLACK.toMillis()) {
      return this;
    }
    List<Setting> all = new ArrayList<>(settings);
    all.add(setting);
    return new ClockLog(boot, all.subList(Math.max(0, all.size() - MOST), all.size()));
  }

  private static long ahead(Moment at) {
    return at.wall().toEpochMilli() - at.mark() / 1_000_000;
  }

  /**
   * Places a stored time of day on the forward clock. Where the time of day was set back, one time
   * was twice: the younger counts, and what is not quite certain is younger. So a limit may last a
   * second longer, and is never looser.
   */
  Moment recalled(Instant then, Moment now) {
    if (settings.isEmpty()) {
      return now.recalled(then);
    }
    long latest =
        marks(then, now).stream()
            .max(Comparator.naturalOrder())
            .orElseGet(() -> mark(then, settings.getFirst()));
    Moment bounded = now.recalled(now.wall().minusNanos(Math.max(0, now.mark() - latest)));
    return new Moment(then, bounded.mark());
  }

  /** When it may have been, by each setting that was in force then. */
  private List<Long> marks(Instant then, Moment now) {
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      long mark = mark(then, settings.get(i));
      long from = settings.get(i).mark() - SLACK.toNanos();
      long until = i + 1 < settings.size() ? settings.get(i + 1).mark() : now.mark();
      if (mark >= from && mark <= until + 2 * SLACK.toNanos()) {
        found.add(mark);
      }
    }
    return found;
  }

  private static long mark(Instant then, Setting setting) {
    return (then.toEpochMilli() - setting.ahead()) * 1_000_000 + SLACK.toNanos();
  }

  /** The earliest time of day that something of the last so long can bear. */
  Instant reaching(Duration back, Moment now) {
    Instant earliest = now.wall().minus(back);
    for (Setting setting : settings) {
      Instant by = Instant.ofEpochMilli(now.mark() / 1_000_000 + setting.ahead()).minus(back);
      earliest = by.isBefore(earliest) ? by : earliest;
    }
    return earliest.minus(SLACK);
  }
}
