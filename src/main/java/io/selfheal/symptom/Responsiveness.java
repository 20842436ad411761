package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;

import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.rule.Reading;
import io.selfheal.symptom.Probe.Answer;
import io.selfheal.symptom.WorkerUnresponsive.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the course of one process means. Pure. */
record Responsiveness(Limits limits) {
  /** The worst comes first. */
  private static final List<Presence> ORDER = List.of(PRESENT, BETWEEN, UNKNOWN, ABSENT);

  /** What one kind of sign means. */
  private record Sign(Presence presence, String evidence) {}

  /**
   * The reading of a process that runs.
   *
   * @param one as the worker's owner sees it
   */
  Reading of(Instance one, ProcessCourse course, long mark) {
    List<Sign> signs = new ArrayList<>();
    probe(course, mark).ifPresent(signs::add);
    heartbeat(one).ifPresent(signs::add);
    progress(course, mark).ifPresent(signs::add);
    Sign worst = new Sign(UNKNOWN, "it is not probed, and sends no heartbeats");
    int least = ORDER.size();
    for (Sign sign : signs) {
      if (ORDER.indexOf(sign.presence()) < least) {
        least = ORDER.indexOf(sign.presence());
        worst = sign;
      }
    }
    return new Reading(
        Subject.worker(one.instance()),
        worst.presence(),
        "pid " + course.process().pid() + ": " + worst.evidence(),
        values(one, course, mark),
        course.process());
  }

  private Optional<Sign> probe(ProcessCourse course, long mark) {
    Answer newest = course.newest();
    if (newest == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (newest) {
          case Answer.Unasked(String why) -> new Sign(UNKNOWN, why);
          case Answer.Well(String detail) ->
              new Sign(course.successes() >= limits.successes() ? ABSENT : BETWEEN, detail);
          case Answer.Unwell(String detail) -> unwell(course, detail, mark);
        });
  }

  private Sign unwell(ProcessCourse course, String detail, long mark) {
    Duration watched = course.watched(mark);
    if (!course.answered() && watched.compareTo(limits.starting()) < 0) {
      return new Sign(
          UNKNOWN, "may still be starting, after " + Spoken.of(watched) + ": " + detail);
    }
    String times = detail + ", " + course.failures() + " times in a row";
    return new Sign(course.failures() >= limits.failures() ? PRESENT : BETWEEN, times);
  }

  private static Optional<Sign> heartbeat(Instance one) {
    Duration age = one.heartbeatAge();
    if (one.liveness() == Liveness.SILENT) {
      String since = age == null ? "it has sent no heartbeat" : "its last was " + ago(age);
      return Optional.of(new Sign(PRESENT, "its heartbeat is late: " + since));
    }
    return age == null
        ? Optional.empty()
        : Optional.of(new Sign(ABSENT, "its last heartbeat was " + ago(age)));
  }

  private Optional<Sign> progress(ProcessCourse course, long mark) {
    if (limits.noProgress().isEmpty()) {
      return Optional.empty();
    }
    if (course.jobs().isEmpty()) {
      return Optional.of(new Sign(ABSENT, "it holds no job"));
    }
    if (course.progress() == null) {
      return Optional.of(new Sign(UNKNOWN, "its heartbeats say nothing of its progress"));
    }
    Duration stalled = course.stalled(mark);
    boolean tooLong = stalled.compareTo(limits.noProgress().get()) >= 0;
    return Optional.of(
        tooLong
            ? new Sign(
                PRESENT,
                "it holds %d jobs, and has said \"%s\" of its progress for %s"
                    .formatted(course.jobs().size(), course.progress(), Spoken.of(stalled)))
            : new Sign(ABSENT, "its progress was another " + ago(stalled)));
  }

  private static String ago(Duration age) {
    return Spoken.of(age) + " ago";
  }

  private static Map<String, Double> values(Instance one, ProcessCourse course, long mark) {
    Map<String, Double> values = new HashMap<>();
    values.put("failed_probes", (double) course.failures());
    values.put("stalled_seconds", course.stalled(mark).toMillis() / 1000.0);
    Duration age = one.heartbeatAge();
    if (age != null) {
      values.put("heartbeat_age_seconds", age.toMillis() / 1000.0);
    }
    return values;
  }
}
