package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A remedy by its name, as a rung of a rule has it, for the tests of those who answer it. */
public final class OneRung {
  private OneRung() {}

  /** The act that its {@code with} makes. */
  public static Act act(String remedy, String with) throws BadConfiguration {
    Remedy named =
        Remedies.all(List.of()).stream()
            .filter(one -> one.name().equals(remedy))
            .findFirst()
            .orElseThrow();
    return Trial.act(named, with);
  }

  /** A task about a subject, of the incident {@code incident-7}. */
  public static Task task(String symptom, String subject, Time time, Bus bus) {
    SymptomEvent.Seen seen =
        new SymptomEvent.Seen(
            "it", "1", symptom, subject, Severity.WARNING, "seen", Map.of(), Duration.ZERO);
    return new Task(
        "incident-7", seen, Duration.ofSeconds(30), new Surroundings(time, bus, Optional.empty()));
  }
}
