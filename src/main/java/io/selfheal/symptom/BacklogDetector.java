package io.selfheal.symptom;

import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Backlog;
import io.selfheal.message.JobRequests.ListSources;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.symptom.BacklogCourse.Count;
import io.selfheal.symptom.BacklogCourse.Judged;
import io.selfheal.symptom.QueueBacklog.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Asks for the newest counts of sources, and follows them. */
final class BacklogDetector implements Detector {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final List<String> wanted;
  private final Thresholds thresholds;
  private final Map<String, Followed> followed = new HashMap<>();

  /**
   * @param countedAt tells one count from another
   */
  private record Followed(BacklogCourse course, Instant countedAt) {}

  /**
   * @param wanted names of sources; empty: all
   */
  BacklogDetector(List<String> wanted, Thresholds thresholds) {
    this.wanted = wanted;
    this.thresholds = thresholds;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException {
    List<Source> sources = Answers.of(around, JobRequests.SOURCES, new ListSources()).sources();
    List<Reading> readings = new ArrayList<>();
    for (Source source : sources) {
      if (wanted.isEmpty() || wanted.contains(source.name())) {
        read(source, around.time().mark()).ifPresent(readings::add);
      }
    }
    for (String name : wanted) {
      if (sources.stream().noneMatch(source -> source.name().equals(name))) {
        readings.add(unknown(name, "no source is named " + name));
      }
    }
    return readings;
  }

  /** Empty when nothing was counted since the look before. */
  private Optional<Reading> read(Source source, long mark) {
    Backlog backlog = source.backlog();
    String problem = source.problem();
    if (backlog == null) {
      return Optional.of(
          unknown(source.name(), problem == null ? "ready jobs are not counted" : problem));
    }
    Followed before = followed.get(source.name());
    if (before != null && before.countedAt().equals(backlog.countedAt())) {
      return Optional.empty();
    }
    BacklogCourse course = before == null ? BacklogCourse.NEW : before.course();
    Count count = new Count(backlog.ready(), backlog.oldestWait(), mark);
    BacklogCourse next = course.next(count, thresholds.over());
    followed.put(source.name(), new Followed(next, backlog.countedAt()));
    Judged judged = next.judge(thresholds);
    return Optional.of(
        new Reading(
            Subject.source(source.name()), judged.presence(), judged.evidence(), judged.values()));
  }

  private static Reading unknown(String name, String why) {
    return new Reading(Subject.source(name), Presence.UNKNOWN, why);
  }
}
