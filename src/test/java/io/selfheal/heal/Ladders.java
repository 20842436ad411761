package io.selfheal.heal;

import io.selfheal.message.Outcome;
import io.selfheal.message.Presence;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.Act;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Guards;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Mode;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Rung;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rules of the tests: their remedies are answered by hand. */
final class Ladders {
  static final String SUBJECT = "host/disk/models";
  static final Duration CLEAR = Duration.ofSeconds(10);
  static final Duration VERIFY = Duration.ofSeconds(60);

  /** Readings are made after every remedy, unless a test says otherwise. */
  private static final Instant LATER = Scene.NOON.plus(Duration.ofDays(30));

  private Ladders() {}

  /** A remedy that the test answers for; whether it is lifted in the end is all it says. */
  private record ByHand(boolean lifted) implements Act {
    @Override
    public Performed rehearse(Task task) {
      throw new AssertionError("the desk does this");
    }

    @Override
    public Performed perform(Task task) {
      throw new AssertionError("the desk does this");
    }
  }

  /**
   * A rule {@code low_disk} with these remedies; one whose name begins with "throttle" is lifted.
   */
  static Rules rules(Mode mode, String... remedies) {
    Guards guards =
        new Guards(
            Duration.ZERO,
            1000,
            Duration.ofHours(1),
            1,
            1,
            false,
            List.of(),
            List.of(),
            Duration.ofHours(1),
            1000);
    Rule rule =
        new Rule(
            "low_disk",
            "v1",
            "low_disk",
            Severity.WARNING,
            () -> new Detector() {},
            Duration.ZERO,
            CLEAR,
            Stream.of(remedies)
                .map(
                    name ->
                        new Rung(
                            name, Duration.ofSeconds(30), new ByHand(name.startsWith("throttle"))))
                .toList(),
            VERIFY,
            mode,
            guards);
    return new Rules("rules.yaml", Limits.DEFAULT, List.of(rule));
  }

  static SymptomEvent.Seen seen() {
    return new SymptomEvent.Seen(
        "low_disk",
        "v1",
        "low_disk",
        SUBJECT,
        Severity.WARNING,
        "/var/lib/models is 93 % full",
        Map.of("used_share", 0.93),
        Duration.ofSeconds(30));
  }

  static SymptomEvent.Cleared cleared() {
    return new SymptomEvent.Cleared("low_disk", "low_disk", SUBJECT, "70 % full", CLEAR);
  }

  static Input there() {
    return read(Presence.PRESENT, true, Duration.ZERO, "93 % full");
  }

  static Input gone() {
    return read(Presence.ABSENT, false, CLEAR, "70 % full");
  }

  /** Gone, but not for long enough. */
  static Input goneJustNow() {
    return read(Presence.ABSENT, true, Duration.ofSeconds(1), "70 % full");
  }

  /** As it was before any remedy. */
  static Input stale() {
    return new Input.SymptomRead(
        new Standing(
            SUBJECT,
            Presence.PRESENT,
            true,
            Duration.ZERO,
            Duration.ZERO,
            "93 % full",
            Map.of(),
            Scene.NOON.minusSeconds(1)));
  }

  static Input unknown() {
    return read(Presence.UNKNOWN, true, Duration.ZERO, "nobody knows");
  }

  private static Input read(Presence presence, boolean seen, Duration gone, String evidence) {
    return new Input.SymptomRead(
        new Standing(SUBJECT, presence, seen, Duration.ZERO, gone, evidence, Map.of(), LATER));
  }

  static Ending ending(Outcome outcome, String detail, String undo) {
    return new Ending(outcome, detail, null, List.of(), List.of("one line"), undo);
  }
}
