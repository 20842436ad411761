package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Event;
import io.selfheal.message.Presence;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * One rule as the watch runs it, cranked by hand: its clock is turned, its looks are called, facts
 * are handed to it.
 */
final class RuleRun implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final List<SymptomEvent> news = new ArrayList<>();

  private final Watched watched;
  private long nanos;
  private Optional<String> starved = Optional.empty();

  /** With the lines of the rule below its symptom; {@code for} and {@code clear_for} are 0s. */
  RuleRun(Symptom symptom, String... lines) {
    this.watched = new Watched(rule(symptom, lines));
  }

  static Rule rule(Symptom symptom, String... lines) {
    String all = List.of(lines).stream().map(line -> "\n    " + line).collect(Collectors.joining());
    String text =
        "rules:\n  - name: it\n    symptom: %s\n    clear_for: 0s%s\n"
            .formatted(symptom.name(), all);
    try {
      return new RulesReader(Map.of(symptom.name(), symptom), Map.of())
          .read("rules.yaml", text)
          .all()
          .getFirst();
    } catch (BadConfiguration bad) {
      throw new IllegalArgumentException(bad.getMessage(), bad);
    }
  }

  Time time() {
    return new Time(() -> Instant.EPOCH.plusNanos(nanos), () -> nanos);
  }

  private Surroundings around() {
    return new Surroundings(time(), bus, starved);
  }

  RuleRun pass(Duration duration) {
    nanos += duration.toNanos();
    return this;
  }

  /** From now on, or no more when null. */
  RuleRun starved(String why) {
    starved = Optional.ofNullable(why);
    return this;
  }

  RuleRun look() throws Exception {
    news.addAll(watched.take(watched.detector().look(around()), time()));
    return this;
  }

  RuleRun take(Event event) {
    news.addAll(watched.take(watched.detector().take(event, around()), time()));
    return this;
  }

  Standing standing(String subject) {
    return watched.standing(subject);
  }

  Presence presence(String subject) {
    return standing(subject).presence();
  }

  boolean seen(String subject) {
    return standing(subject).seen();
  }

  @Override
  public void close() {
    watched.detector().close();
    try {
      vertx.close().await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }
}
