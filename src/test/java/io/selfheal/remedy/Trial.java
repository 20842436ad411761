package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Task;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads remedies as rules have them, and makes tasks for them. */
final class Trial implements AutoCloseable {
  static final String INCIDENT = "019d0000-0000-7000-8000-000000000001";

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Time time = new Time(InstantSource.system(), System::nanoTime);

  /** The id of an incident that was opened then. */
  static String incident(Instant opened) {
    long high = opened.toEpochMilli() << 16 | 0x7000;
    return new UUID(high, 0x8000_0000_0000_0001L).toString();
  }

  /** The act that a rung's {@code with} makes. */
  static Act act(Remedy remedy, String with) throws BadConfiguration {
    Reading reading = new Reading("rules.yaml", with, Map.of());
    Act act = remedy.read(reading.root());
    reading.finish();
    return act;
  }

  /** All that is wrong with it; empty when nothing is. */
  static String wrong(Remedy remedy, String with) {
    try {
      act(remedy, with);
      return "";
    } catch (BadConfiguration bad) {
      return String.valueOf(bad.getMessage());
    }
  }

  Task task(String subject, Duration deadline) {
    return task(INCIDENT, subject, deadline, null);
  }

  Task task(String incident, String subject, Duration deadline, @Nullable ProcessIdentity process) {
    SymptomEvent.Seen seen =
        new SymptomEvent.Seen(
            "a_rule",
            "1",
            "a_symptom",
            subject,
            Severity.WARNING,
            "a test",
            Map.of(),
            Duration.ZERO,
            process);
    return new Task(incident, seen, deadline, new Surroundings(time, bus, Optional.empty()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
