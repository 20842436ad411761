package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Incident;
import io.selfheal.message.SymptomEvent;
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
  void recall(List<Incident> stored) {
    history = Recalled.history(stored, Moment.of(time));
  }

  void hear(Event event) {
    switch (event) {
      case HostEvent.Starved now -> starved = Optional.of(now.why());
      case HostEvent.Relieved over -> starved = Optional.empty();
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
    boolean needed =
        cases.stream().anyMatch(one -> !one.over() && one.cause() instanceof SymptomEvent);
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
}
