package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;

/**
 * A worker dies again and again: starting it anew does not help. Subject: {@code worker/INSTANCE}
 * for a worker that the agent runs, {@code worker/NAME} for one whose processes are found.
 *
 * <p>Keys of {@code where}: {@code worker}, a name or a list of names (default: every worker).
 *
 * <p>Keys of {@code enter}: {@code lost} (3, 2 to 1000) processes were lost {@code within} (10m,
 * 10s to 1d). Keys of {@code leave}: {@code up} (5m, 1s to 1d): the newest process has run for so
 * long. Let {@code verify_within} of the rule be longer than that.
 *
 * <p>What ended in an orderly way does not count: by TERM, INT or HUP, with status 0, or because
 * the agent was asked to end it. So restarts by a person or a deploy are no loop. Where the status
 * is not known, an end counts only of a process that was younger than {@code within}.
 *
 * <p>The built-in healing starts lost workers again, within its own limit; a rule comes beside it.
 */
final class CrashLoop implements Symptom {
  private static final Duration DAY = Duration.ofDays(1);

  @Override
  public String name() {
    return "crash_loop";
  }

  @Override
  public String description() {
    return "a worker is lost again and again within a short time";
  }

  /** When it is there, and when it is gone. */
  record Limits(int lost, Duration within, Duration up) {}

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> workers = where.texts("worker", List.of());
    Limits limits =
        new Limits(
            enter.integer("lost", 3, 2, 1000),
            enter.duration("within", Duration.ofMinutes(10), Duration.ofSeconds(10), DAY),
            leave.duration("up", Duration.ofMinutes(5), Duration.ofSeconds(1), DAY));
    return () -> new CrashDetector(workers, limits);
  }
}
