package io.selfheal.symptom;

import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.Examination;
import io.selfheal.message.DatabaseRequests.Examine;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.symptom.DatabaseSick.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Has databases looked at. */
final class DatabaseDetector implements Detector {
  private final List<String> names;
  private final Duration every;
  private final DatabaseHealth health;

  /**
   * @param names of databases; empty: all
   */
  DatabaseDetector(List<String> names, Duration every, Limits limits) {
    this.names = names;
    this.every = every;
    this.health = new DatabaseHealth(limits);
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(every);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException {
    List<Examination> seen =
        Answers.of(around, DatabaseRequests.EXAMINE, new Examine(names)).databases();
    Optional<String> starved = around.starved();
    if (starved.isPresent()) {
      return seen.stream()
          .map(one -> new Reading(Subject.service(one.name()), Presence.UNKNOWN, starved.get()))
          .toList();
    }
    return seen.stream().map(health::of).toList();
  }
}
