package io.selfheal.symptom;

import io.selfheal.bus.Time;
import io.selfheal.message.Presence;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One rule that is watched: its detector, and how each of its subjects stands. */
final class Watched {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  /** Beyond so many subjects a rule watches no new ones. */
  static final int MOST = 1_000;

  private final Rule rule;
  private final Detector detector;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();

  /** The newest of those that are no more: whoever still heals one must learn that it is gone. */
  private final LinkedHashMap<String, Subject> departed = new LinkedHashMap<>();

  private @Nullable String problem;

  private record Subject(Condition condition, Reading newest, Instant at) {}

  Watched(Rule rule) {
    this.rule = rule;
    Detector made;
    try {
      made = rule.detectors().detector();
    } catch (RuntimeException | LinkageError failure) {
      made = new Detector() {};
      problem = "its detector cannot be made: " + failure;
    }
    this.detector = made;
  }

  Rule rule() {
    return rule;
  }

  Detector detector() {
    return detector;
  }

  /** Takes readings in; answers what follows from them, in order. */
  List<SymptomEvent> take(List<Reading> readings, Time time) {
    List<SymptomEvent> news = new ArrayList<>();
    readings.forEach(reading -> take(reading, time).ifPresent(news::add));
    return news;
  }

  private Optional<SymptomEvent> take(Reading reading, Time time) {
    Subject known = subjects.get(reading.subject());
    Condition before = known == null ? Condition.NEW : known.condition();
    if (reading.presence() == Presence.GONE) {
      return departed(reading, before, time);
    }
    if (known == null && subjects.size() >= MOST) {
      fails("has more than " + MOST + " subjects: narrow down where", null);
      return Optional.empty();
    }
    Condition after = before.next(reading.presence(), time.mark(), rule.lasting(), rule.clear());
    subjects.put(reading.subject(), new Subject(after, reading, time.now()));
    departed.remove(reading.subject());
    if (after.seen() == before.seen()) {
      return Optional.empty();
    }
    return Optional.of(
        after.seen() ? seen(reading, after.there()) : cleared(reading, after.gone()));
  }

  private Optional<SymptomEvent> departed(Reading reading, Condition before, Time time) {
    subjects.remove(reading.subject());
    departed.putLast(reading.subject(), new Subject(Condition.NEW, reading, time.now()));
    if (departed.size() > MOST) {
      departed.pollFirstEntry();
    }
    return before.seen() ? Optional.of(cleared(reading, Duration.ZERO)) : Optional.empty();
  }

  /** The agent itself did not run for a while: what happened meanwhile is not known. */
  void blind() {
    subjects.replaceAll(
        (name, known) -> new Subject(known.condition().unwatched(), known.newest(), known.at()));
  }

  private SymptomEvent seen(Reading reading, Duration lasted) {
    return new SymptomEvent.Seen(
        rule.name(),
        rule.version(),
        rule.symptom(),
        reading.subject(),
        rule.severity(),
        reading.evidence(),
        reading.values(),
        lasted,
        reading.process());
  }

  private SymptomEvent cleared(Reading reading, Duration lasted) {
    return new SymptomEvent.Cleared(
        rule.name(), rule.symptom(), reading.subject(), reading.evidence(), lasted);
  }

  /** It sees nothing, or not all; the log says so once, until it is for another reason. */
  void fails(String why, @Nullable Throwable stack) {
    if (!why.equals(problem)) {
      LOG.warn("Rule {} {}", rule.name(), why, stack);
    }
    problem = why;
  }

  /** The part that it asks does not run, as at the start of the agent: that is told elsewhere. */
  void lacks(String why) {
    problem = why;
  }

  /** It sees what it should. */
  void works() {
    problem = null;
  }

  @Nullable String problem() {
    return problem;
  }

  /** How a subject stands; unknown when nothing was read of it, gone when it is no more. */
  Standing standing(String subject) {
    Subject known = subjects.getOrDefault(subject, departed.get(subject));
    if (known == null) {
      return new Standing(
          subject,
          Presence.UNKNOWN,
          false,
          Duration.ZERO,
          Duration.ZERO,
          "nothing was read yet",
          Map.of(),
          null);
    }
    return new Standing(
        subject,
        known.newest().presence(),
        known.condition().seen(),
        known.condition().there(),
        known.condition().gone(),
        known.newest().evidence(),
        known.newest().values(),
        known.at());
  }

  /** How all of them stand. */
  List<Standing> standings() {
    return subjects.keySet().stream().map(this::standing).toList();
  }
}
