package io.selfheal.symptom;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Section;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.Presence;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A component says how it is: error is there, healthy is gone, unavailable is no more. */
final class ToySymptom implements Symptom {
  private final boolean looks;

  /**
   * @param looks whether its detector claims to look by itself
   */
  ToySymptom(boolean looks) {
    this.looks = looks;
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public String description() {
    return "a toy";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    return () -> new ToyDetector(looks);
  }

  /** Counts for 10 s, is gone for 5 s, and a remedy is verified within 60 s. */
  static Rule rule(boolean looks) throws BadConfiguration {
    String text =
        """
        rules:
          - name: toy
            symptom: toy
            for: 10s
            clear_for: 5s
            verify_within: 60s
        """;
    return new RulesReader(Map.of("toy", new ToySymptom(looks)), Map.of())
        .read("rules.yaml", text)
        .all()
        .getFirst();
  }

  private record ToyDetector(boolean looks) implements Detector {
    @Override
    public Optional<Duration> every() {
      return looks ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }

    @Override
    public List<Reading> take(Event event, Surroundings around) {
      if (!(event instanceof ComponentEvent.Changed changed)) {
        return List.of();
      }
      if (changed.detail().equals("throw")) {
        throw new IllegalStateException("as it was told");
      }
      Presence presence =
          switch (changed.status()) {
            case ERROR -> Presence.PRESENT;
            case DEGRADED -> Presence.BETWEEN;
            case HEALTHY -> Presence.ABSENT;
            case UNKNOWN -> Presence.UNKNOWN;
            case UNAVAILABLE -> Presence.GONE;
          };
      return List.of(new Reading(changed.subject(), presence, "at " + around.time().now()));
    }
  }
}
