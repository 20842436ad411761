package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process of a worker runs and does not do its part: it does not answer a probe, its heartbeat is
 * late, or it holds jobs and tells of no progress. Subject: {@code worker/INSTANCE}.
 *
 * <p>Keys of {@code where}: {@code worker} (its name); {@code http} (an address that a healthy
 * process answers with a status from 200 to 399; redirects are not followed); {@code command} (a
 * program with its arguments that ends with status 0 when the process is healthy; no shell, and of
 * the agent's environment only {@code PATH}); {@code every} (10s, 1s to 1h) and {@code limit} (5s,
 * 100ms to 1m) of a probe; {@code starting} (1m, 0s to 1h): a process that never answered is not
 * judged until it was watched for so long. In {@code http} and {@code command}, {@code {pid}} and
 * {@code {instance}} stand for those of the process, and {@code {number}} for the number behind the
 * last point of an instance. Without one of them a probe cannot tell two processes apart, and of
 * several nothing is known.
 *
 * <p>Keys of {@code enter}: {@code failures} (3, 1 to 100): so many probes in a row have failed;
 * {@code no_progress} (1s to 7d; not looked at unless given): for so long the heartbeats have named
 * the same jobs with the same words of progress. Keys of {@code leave}: {@code successes} (1, 1 to
 * 100): so many probes in a row were answered.
 *
 * <p>Not judged is a process that is stopped by a signal or its freezer, which is {@code
 * worker_frozen}; and none while the host or the agent starves: what failed then does not count. A
 * probe that cannot be made, because there is no such program or host name, says nothing of the
 * worker. The built-in healing of silent and frozen workers stays as it is: a rule comes beside it.
 *
 * <p>Weakness: progress is what the worker says, not what it does. One that says the same all the
 * time while it works looks stalled: leave {@code no_progress} away for it.
 */
final class WorkerUnresponsive implements Symptom {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  @Override
  public String name() {
    return "worker_unresponsive";
  }

  @Override
  public String description() {
    return "a worker does not answer a probe, is silent, or holds jobs without progress";
  }

  /**
   * When it is there, and when it is gone.
   *
   * @param noProgress empty: progress is not looked at
   */
  record Limits(int failures, int successes, Optional<Duration> noProgress, Duration starting) {}

  @Override
  public Make read(Section where, Section enter, Section leave) {
    String worker = where.required("worker", "the name of one of the workers");
    Duration limit = where.duration("limit", Duration.ofSeconds(5), Duration.ofMillis(100), MINUTE);
    Optional<String> http = where.text("http");
    http.flatMap(HttpProbe::problem)
        .ifPresent(why -> where.reject("http", why, "such as http://127.0.0.1:8080/health"));
    List<String> command = where.texts("command", List.of());
    Duration every = where.duration("every", Duration.ofSeconds(10), SECOND, HOUR);
    Optional<Duration> noProgress =
        enter.has("no_progress")
            ? Optional.of(enter.duration("no_progress", HOUR, SECOND, Duration.ofDays(7)))
            : Optional.empty();
    Limits limits =
        new Limits(
            enter.integer("failures", 3, 1, 100),
            leave.integer("successes", 1, 1, 100),
            noProgress,
            where.duration("starting", MINUTE, Duration.ZERO, HOUR));
    return () -> new UnresponsiveDetector(worker, every, limits, Probes.of(http, command, limit));
  }
}
