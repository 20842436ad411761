package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.file.Broad;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Task;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Acts on files as rules would have them, in tests. */
final class Tasks {
  static final String INCIDENT = "0190c0de-0000-7000-8000-000000000001";
  static final Broad BROAD = new Broad(List.of(Path.of("/srv/selfheal")));
  private static final Bus BUS = new Bus(Vertx.vertx());

  private Tasks() {}

  /** Reads the {@code with} of a rung. */
  static Act act(Remedy remedy, String with) throws BadConfiguration {
    Reading reading = new Reading("rules.yaml", with, Map.of());
    Act act = remedy.read(reading.root());
    reading.finish();
    return act;
  }

  static Task task() {
    return task("host", Duration.ofMinutes(1));
  }

  static Task task(String subject, Duration deadline) {
    return task(subject, deadline, Duration.ZERO);
  }

  /** By a clock that is so far ahead: files that were just made are old. */
  static Task later(Duration ahead, Duration deadline) {
    return task("host", deadline, ahead);
  }

  private static Task task(String subject, Duration deadline, Duration ahead) {
    InstantSource wall = InstantSource.offset(InstantSource.system(), ahead);
    return new Task(
        INCIDENT,
        new SymptomEvent.Seen(
            "rule", "1", "low_disk", subject, Severity.WARNING, "seen", Map.of(), Duration.ZERO),
        deadline,
        new Surroundings(new Time(wall, System::nanoTime), BUS, Optional.empty()));
  }
}
