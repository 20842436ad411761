package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.Recorded;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stored facts before a fresh detector of a rule, one after another, at their own times. As in the
 * life of the agent, a start of it forgets what was counted; an occasion that was open then goes
 * on.
 *
 * <p>What a detector looks at by itself is not stored. Of such a rule only its own sightings are
 * replayed, as the rule was when it had them.
 */
final class Replay {
  private static final Duration TICK = Duration.ofMillis(500);

  /** What tells of sightings. */
  static final List<String> SIGHTINGS = List.of("symptom.*", "incident.remedy_started");

  private final Rule rule;
  private final Bus nobody;
  private final Time time = new Time(this::now, this::mark);
  private final Occasions occasions;
  private Watched watched;
  private Starvation starvation;
  private Instant now = Instant.EPOCH;
  private @Nullable Instant from;
  private long facts;
  private long unreadable;
  private long failed;
  private @Nullable String failure;

  /**
   * @param nobody a bus on which nobody answers
   */
  Replay(Rule rule, Bus nobody) {
    this.rule = rule;
    this.nobody = nobody;
    this.occasions = new Occasions(rule.verifyWithin());
    this.watched = new Watched(rule);
    this.starvation = Starvation.fresh(TICK, mark());
  }

  private Instant now() {
    return now;
  }

  private long mark() {
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  /** The next fact; the oldest first. */
  void take(Recorded stored) {
    facts++;
    // The wall clock may have been set back meanwhile; the time of a replay only goes forward.
    now = stored.time().isAfter(now) ? stored.time() : now;
    from = from == null ? now : from;
    Optional<Event> event = Stored.read(stored);
    if (event.isEmpty()) {
      unreadable++;
      return;
    }
    take(event.get());
  }

  private void take(Event event) {
    switch (event) {
      case AgentEvent restart -> {
        forget();
        detect(event);
      }
      case SymptomEvent sighting -> noteOwn(sighting);
      case IncidentEvent.RemedyStarted remedy ->
          occasions.treated(remedy.subject(), remedy.remedy());
      case HostEvent.Sampled sampled -> {
        starvation = starvation.sampled(sampled.host());
        detect(event);
      }
      default -> detect(event);
    }
  }

  private void forget() {
    watched.detector().close();
    watched = new Watched(rule);
    starvation = Starvation.fresh(TICK, mark());
  }

  private void noteOwn(SymptomEvent sighting) {
    if (!looks() || !sighting.rule().equals(rule.name())) {
      return;
    }
    switch (sighting) {
      case SymptomEvent.Seen seen -> occasions.begin(seen.subject(), now, seen.summary());
      case SymptomEvent.Cleared cleared -> occasions.end(cleared.subject(), now);
    }
  }

  private void detect(Event event) {
    if (looks()) {
      return;
    }
    try {
      Surroundings around = new Surroundings(time, nobody, starvation.why());
      note(watched.detector().take(event, around));
    } catch (RuntimeException | LinkageError wrong) {
      failed++;
      failure = failure == null ? wrong.toString() : failure;
    }
  }

  private void note(List<Reading> readings) {
    for (Reading reading : readings) {
      for (SymptomEvent news : watched.take(List.of(reading), time)) {
        if (news instanceof SymptomEvent.Seen seen) {
          occasions.begin(seen.subject(), now, seen.summary());
        }
      }
      if (over(reading)) {
        occasions.end(reading.subject(), now);
      }
    }
  }

  /** Measured gone, or nothing is left that could have it. */
  private boolean over(Reading reading) {
    if (reading.presence() == Presence.GONE) {
      return true;
    }
    Standing standing = watched.standing(reading.subject());
    return standing.presence() == Presence.ABSENT && standing.gone().compareTo(rule.clear()) >= 0;
  }

  /** Whether its detector looks by itself. */
  boolean looks() {
    return watched.detector().every().isPresent();
  }

  /** Why its detector cannot be asked; null when it can. */
  @Nullable String problem() {
    return watched.problem();
  }

  /** Ends what the detector holds open. */
  void close() {
    watched.detector().close();
  }

  long facts() {
    return facts;
  }

  @Nullable Instant from() {
    return from;
  }

  @Nullable Instant to() {
    return facts == 0 ? null : now;
  }

  Occasions occasions() {
    return occasions;
  }

  /** What could not be replayed; null when all was. */
  @Nullable String trouble() {
    if (looks()) {
      return "its detector looks by itself at what is not stored: these are the rule's own"
          + " sightings, as it was then";
    }
    if (failed > 0) {
      return "its detector failed on %d facts, first with %s".formatted(failed, failure);
    }
    return unreadable > 0
        ? unreadable + " facts were written by another version, and cannot be read"
        : null;
  }
}
