package io.selfheal.symptom;

import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.ListSources;
import io.selfheal.message.JobRequests.ListStuck;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Stuck;
import io.selfheal.message.Presence;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.symptom.JobStuck.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Asks which jobs are stuck now. */
final class StuckDetector implements Detector {
  private static final int MOST = 1000;

  private final List<String> sources;
  private final Kind kind;
  private final Duration every;
  private final int least;

  /**
   * @param sources names; empty: all
   * @param least from so many on it is there
   */
  StuckDetector(List<String> sources, Kind kind, Duration every, int least) {
    this.sources = sources;
    this.kind = kind;
    this.every = every;
    this.least = least;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(every);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException {
    List<Reading> readings = new ArrayList<>();
    for (Source source : Answers.of(around, JobRequests.SOURCES, new ListSources()).sources()) {
      String name = source.name();
      if (sources.isEmpty() || sources.contains(name)) {
        Stuck stuck = Answers.of(around, JobRequests.STUCK, new ListStuck(name, MOST));
        readings.add(reading(name, stuck));
      }
    }
    return readings;
  }

  private Reading reading(String source, Stuck stuck) {
    String subject = Subject.source(source);
    String problem = stuck.problems().get(source);
    if (problem != null) {
      return new Reading(subject, Presence.UNKNOWN, problem);
    }
    List<StuckJob> counted =
        stuck.jobs().stream()
            .filter(job -> kind == Kind.ANY || job.effect() == Effect.LEAVE)
            .toList();
    Map<String, Double> values = Map.of("stuck_jobs", (double) counted.size());
    if (counted.isEmpty()) {
      return new Reading(subject, Presence.ABSENT, "no job is stuck", values);
    }
    StuckJob first = counted.getFirst();
    return new Reading(
        subject,
        counted.size() >= least ? Presence.PRESENT : Presence.BETWEEN,
        "%s%d stuck, such as %s: %s"
            .formatted(
                counted.size() >= MOST ? "at least " : "",
                counted.size(),
                first.jobId(),
                first.reason()),
        values);
  }
}
