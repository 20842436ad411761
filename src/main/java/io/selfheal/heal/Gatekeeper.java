package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.heal.StormCheck.Storm;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Incident;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.RuleBook;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps what the guardrails of rules judge by: what was done lately, and how things stand. */
final class Gatekeeper {
  /** Workers are read again after so long, while a rule's incident is open. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** It only frees memory: what is old counts for no limit, kept or not. */
  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

  private final RuleBook book;
  private final Bus bus;
  private final Time time;
  private final HostClaims claims;
  private final StormWatch storms = new StormWatch();
  private History history = History.EMPTY;
  private Optional<String> starved = Optional.empty();
  private @Nullable List<Worker> workers;
  private boolean reading;
  private long readAt;
  private long forgotAt;

  Gatekeeper(RuleBook book, HostClaims claims, Bus bus, Time time) {
    this.book = book;
    this.claims = claims;
    this.bus = bus;
    this.time = time;
    this.readAt = time.mark() - FRESH.toNanos();
    this.forgotAt = time.mark();
  }

  /** Takes up what earlier runs of the agent did. */
  void recall(List<Incident> stored, ClockLog clock) {
    history = Recalled.history(stored, clock, Moment.of(time));
  }

  void hear(Event event) {
    storms.hear(event);
    switch (event) {
      case HostEvent.Starved now -> starved = Optional.of(now.why());
      case HostEvent.Relieved over -> starved = Optional.empty();
      case WorkerEvent.Found found -> history = history.runs(found);
      case WorkerEvent.Started started -> history = history.runs(started);
      case SymptomEvent.Cleared cleared -> history = history.cleared(cleared);
      default -> {}
    }
  }

  /**
   * What became of an incident.
   *
   * @param before null when it was just opened
   */
  void after(@Nullable Case before, Move move) {
    history = Ledger.after(history, before, move, Moment.of(time));
    if (move.next().over()) {
      claims.release(move.next().incident().id());
    }
  }

  /** The storm of symptoms that goes on. */
  Optional<Storm> storm() {
    return StormCheck.found(history, book.now().limits(), Moment.of(time));
  }

  /** The incident that tells of it, whether the agent still has it or a person. */
  Optional<String> stormIncident() {
    return Storms.standing(history).map(History.Open::incidentId);
  }

  /** What is to be told of a storm. */
  String told(Storm storm, Collection<Case> cases) {
    return storms.told(storm, cases, starved);
  }

  /** The guardrails as they judge now. */
  Gate gate(Supplier<Collection<Case>> cases) {
    return new RuleGate(history, cases, workers, starved, claims);
  }

  /** Forgets what no limit counts any more, and reads the workers while somebody needs them. */
  void tick(Collection<Case> cases) {
    if (time.since(forgotAt).compareTo(FORGET_EVERY) >= 0) {
      forgotAt = time.mark();
      history = history.forgotten(book.now(), Moment.of(time));
    }
    calm();
    boolean needed = cases.stream().anyMatch(Gatekeeper::needsWorkers);
    if (!needed || reading || time.since(readAt).compareTo(FRESH) < 0) {
      return;
    }
    reading = true;
    bus.ask(WorkerRequests.LIST, new ListWorkers())
        .onComplete(
            read -> {
              reading = false;
              readAt = time.mark();
              workers = read.succeeded() ? read.result().workers() : null;
            });
  }

  /** Rules ask how many run; built-in ones where they are brought back a share at a time. */
  private static boolean needsWorkers(Case one) {
    boolean shares =
        one.cause() instanceof SymptomEvent
            || one.incident().causedBy() != null
            || one.cause() instanceof WorkerEvent.Unresponsive;
    return !one.over() && shares && !Storms.is(one.incident());
  }

  /** A storm that a person has holds nothing once it is over. */
  private void calm() {
    if (storm().isPresent()) {
      return;
    }
    storms.calm();
    Storms.standing(history)
        .filter(open -> open.state() == Incident.State.ESCALATED)
        .ifPresent(open -> history = history.over(open.incidentId()));
  }
}
