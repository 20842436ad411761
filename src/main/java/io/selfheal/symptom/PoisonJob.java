package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.Event;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Symptom;
import java.util.List;
import java.util.Map;

/**
 * A job is put aside because workers died on it too often. Subject: {@code job/SOURCE/ID}.
 *
 * <p>Key of {@code where}: {@code source}, a name or a list of names (default: every source). From
 * how many deaths on is the source's {@code poison_after}.
 *
 * <p>The sweeper has put it aside already. A rule comes beside it: let its remedies notify or run a
 * command. Nothing measures such a job to be well again, so its incident always ends with a person,
 * {@code verify_within} after the last remedy. Given back, and poison once more, it is seen anew.
 */
final class PoisonJob implements Symptom {
  @Override
  public String name() {
    return "poison_job";
  }

  @Override
  public String description() {
    return "a job is put aside because workers died on it too often";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> sources = where.texts("source", List.of());
    return () -> new FactDetector((event, known) -> read(event, known, sources));
  }

  private static List<Reading> read(Event event, Map<String, Reading> known, List<String> sources) {
    if (!(event instanceof DeadLetterEvent.Added(DeadLetter letter))
        || !(sources.isEmpty() || sources.contains(letter.source()))) {
      return List.of();
    }
    String subject = Subject.job(letter.source(), letter.jobId());
    Reading poison =
        new Reading(
            subject,
            Presence.PRESENT,
            letter.reason() + "; a person decides what becomes of it",
            Map.of("deaths", (double) letter.reasons().size()));
    return known.containsKey(subject)
        ? List.of(new Reading(subject, Presence.GONE, "it was given back"), poison)
        : List.of(poison);
  }
}
