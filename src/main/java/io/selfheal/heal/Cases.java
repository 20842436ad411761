package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.JobEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cases in hand, at most one open for a slot or a source, and the restarts of each slot. */
final class Cases {
  private final Map<String, Case> cases = new LinkedHashMap<>();
  private final Map<String, List<Moment>> restarts = new HashMap<>();

  Collection<Case> all() {
    return List.copyOf(cases.values());
  }

  @Nullable Case get(String id) {
    return cases.get(id);
  }

  /** Keeps a case as it is now; one that is over and on disk is let go. */
  void put(Case one, Moment now) {
    String id = one.incident().id();
    if (one.cause() instanceof WorkerEvent) {
      keepRestarts(Cause.slot(one.cause()), RestartLimit.streak(one.restarts(), now));
    }
    if (one.finished()) {
      cases.remove(id);
      return;
    }
    cases.put(id, one);
  }

  private void keepRestarts(String slot, List<Moment> streak) {
    if (streak.isEmpty()) {
      restarts.remove(slot);
      return;
    }
    restarts.put(slot, streak);
  }

  /** Earlier restarts of the slot that an event is about, oldest first. */
  List<Moment> restarts(Event cause) {
    return cause instanceof WorkerEvent
        ? restarts.getOrDefault(Cause.slot(cause), List.of())
        : List.of();
  }

  /** The open case that an event belongs to. */
  Optional<Case> concernedBy(Event event) {
    Optional<Case> own = open().filter(one -> sameSubject(one.cause(), event)).findFirst();
    if (own.isPresent() || !(event instanceof JobEvent.Stuck)) {
      return own;
    }
    return open().filter(one -> one.cause() instanceof WorkerEvent && one.mindsJobs()).findFirst();
  }

  private Stream<Case> open() {
    return cases.values().stream().filter(one -> !one.over());
  }

  private static boolean sameSubject(Event cause, Event event) {
    if (cause instanceof SymptomEvent.Seen seen) {
      return event instanceof SymptomEvent other
          && seen.rule().equals(other.rule())
          && seen.subject().equals(other.subject());
    }
    if (event instanceof SymptomEvent) {
      return false;
    }
    if (cause.subject().equals(event.subject())) {
      return true;
    }
    return Cause.owner(cause) == Owner.SYSTEMD
        && event instanceof WorkerEvent other
        && other.worker().equals(Cause.worker(cause));
  }

  /** Learns from what is stored how often each slot was started again. */
  void learn(List<Incident> stored, ClockLog clock, Moment now) {
    Map<String, List<Moment>> found = new HashMap<>();
    stored.stream()
        .filter(incident -> incident.symptom().startsWith("worker."))
        .forEach(incident -> learn(incident, clock, now, found));
    found.forEach(
        (slot, moments) -> {
          List<Moment> ordered =
              moments.stream().sorted(Comparator.comparingLong(Moment::mark)).toList();
          keepRestarts(slot, RestartLimit.streak(ordered, now));
        });
  }

  private static void learn(
      Incident incident, ClockLog clock, Moment now, Map<String, List<Moment>> found) {
    String slot;
    try {
      slot = Cause.slot(Cause.read(incident.symptom(), incident.cause()));
    } catch (IOException otherVersion) {
      slot = incident.subject();
    }
    List<Moment> moments = found.computeIfAbsent(slot, key -> new ArrayList<>());
    for (Step step : incident.steps()) {
      Instant startedAt = step.startedAt();
      if (startedAt != null && mayHaveStarted(incident, step)) {
        moments.add(clock.recalled(startedAt, now));
      }
    }
  }

  private static boolean mayHaveStarted(Incident incident, Step step) {
    boolean unknown = step.outcome() == null && incident.state() != State.SELF_RECOVERED;
    return step.remedy().equals(RestartWorker.NAME)
        && (unknown || step.outcome() == Outcome.DONE || step.outcome() == Outcome.FAILED);
  }
}
