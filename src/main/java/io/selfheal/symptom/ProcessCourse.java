package io.selfheal.symptom;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.symptom.Probe.Answer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one process so far. Pure.
 *
 * @param first the mark from which it is watched
 * @param answered whether it ever answered a probe
 * @param failures probes in a row that failed
 * @param successes probes in a row that were answered
 * @param newest what came of the last probe; null before the first
 * @param jobs what it said to be working on
 * @param progress what it said of its progress; null when it never did
 * @param moved the mark of the last time at which jobs or progress were others
 */
record ProcessCourse(
    ProcessIdentity process,
    long first,
    boolean answered,
    int failures,
    int successes,
    @Nullable Answer newest,
    List<String> jobs,
    @Nullable String progress,
    long moved) {
  static ProcessCourse of(ProcessIdentity process, long mark) {
    return new ProcessCourse(process, mark, false, 0, 0, null, List.of(), null, mark);
  }

  /** While the host or the agent starves, or the process is stopped, nothing counts. */
  ProcessCourse suspended(long mark) {
    return new ProcessCourse(process, first, answered, 0, 0, null, jobs, progress, mark);
  }

  /** After a probe. */
  ProcessCourse probed(Answer answer) {
    return switch (answer) {
      case Answer.Well well -> with(true, 0, successes + 1, answer);
      case Answer.Unwell unwell -> with(answered, failures + 1, 0, answer);
      case Answer.Unasked unasked -> with(answered, 0, 0, answer);
    };
  }

  private ProcessCourse with(boolean ever, int failed, int succeeded, Answer answer) {
    return new ProcessCourse(
        process, first, ever, failed, succeeded, answer, jobs, progress, moved);
  }

  /** After a look at what its newest heartbeat says. */
  ProcessCourse heard(List<String> now, @Nullable String words, long mark) {
    boolean same = now.equals(jobs) && words != null && words.equals(progress);
    return new ProcessCourse(
        process, first, answered, failures, successes, newest, now, words, same ? moved : mark);
  }

  /** For how long it holds the same jobs and says the same; zero when it says nothing. */
  Duration stalled(long mark) {
    return jobs.isEmpty() || progress == null ? Duration.ZERO : Duration.ofNanos(mark - moved);
  }

  Duration watched(long mark) {
    return Duration.ofNanos(mark - first);
  }
}
