package io.selfheal.service;

import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.service.Quorum.Majority;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the breakers that opened here by what calls told, and opens those that enough others
 * have open. On the context of the guard.
 */
final class BreakerSharing {
  private static final Logger LOG = LoggerFactory.getLogger(BreakerSharing.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration TOUCH_EVERY = Duration.ofSeconds(5);

  private final Time time;
  private final Guard guard;
  private final Supplier<UUID> id;
  private final PgGuards guards;
  private final PgBreakers breakers;
  private final Ticker ticker;
  private Future<Void> running = Future.succeededFuture();
  private @Nullable UUID publishedAs;
  private Map<String, Long> published = Map.of();
  private @Nullable Long touched;
  private Set<String> voted = Set.of();
  private boolean left;

  /**
   * @param id of this agent among the guards
   */
  BreakerSharing(
      Vertx vertx, Time time, Guard guard, Supplier<UUID> id, String agent, Database database) {
    this.time = time;
    this.guard = guard;
    this.id = id;
    this.guards = new PgGuards(database, agent);
    this.breakers = new PgBreakers(database);
    this.ticker = new Ticker(vertx, "shared breakers", INTERVAL, this::round);
  }

  void start() {
    ticker.start();
  }

  /** Publishes and reads, after the round that runs, if one does. Never fails. */
  Future<Void> round() {
    running = running.compose(before -> left ? Future.succeededFuture() : share());
    return running;
  }

  private Future<Void> share() {
    UUID self = id.get();
    if (!self.equals(publishedAs)) {
      touched = null;
    }
    return touch(self)
        .compose(done -> publish(self))
        .compose(done -> read(self))
        .recover(
            failure -> {
              // The store and the budgets say so; each agent judges by itself meanwhile.
              LOG.debug("No breaker is shared: {}", failure.getMessage());
              publishedAs = null;
              return Future.succeededFuture();
            });
  }

  private Future<Void> touch(UUID self) {
    Long before = touched;
    if (before != null && time.since(before).compareTo(TOUCH_EVERY) < 0) {
      return Future.succeededFuture();
    }
    return guards.touch(self).onSuccess(done -> touched = time.mark());
  }

  private Future<Void> publish(UUID self) {
    long mark = time.mark();
    Map<String, Long> epochs = new HashMap<>();
    List<PgBreakers.Open> open = new ArrayList<>();
    for (Guarded service : guard.all()) {
      Phase phase = service.phase();
      if (service.circuit().opensItself()) {
        String name = service.config().name();
        long left = phase.left(mark);
        epochs.put(name, phase.epoch());
        open.add(
            new PgBreakers.Open(
                name,
                phase.epoch(),
                Math.max(0, phase.lasting() - left) / 1000,
                left / 1000,
                Objects.requireNonNullElse(phase.reason(), "")));
      }
    }
    if (self.equals(publishedAs) && epochs.equals(published)) {
      return Future.succeededFuture();
    }
    return breakers
        .publish(self, open)
        .onSuccess(
            done -> {
              publishedAs = self;
              published = epochs;
            });
  }

  private Future<Void> read(UUID self) {
    return breakers.read(self, time.mark()).onSuccess(this::take).mapEmpty();
  }

  private void take(PgBreakers.Read read) {
    Map<String, List<Vote>> votes = new HashMap<>();
    for (Vote vote : read.votes()) {
      votes.computeIfAbsent(vote.service(), name -> new ArrayList<>()).add(vote);
    }
    Set<String> affected = new HashSet<>(voted);
    affected.addAll(votes.keySet());
    Moment now = Moment.of(time);
    for (String name : affected) {
      List<Vote> cast = votes.getOrDefault(name, List.of());
      guard.named(name).ifPresent(service -> decide(service, cast, read.agents(), now));
    }
    voted = votes.keySet();
  }

  private static void decide(Guarded service, List<Vote> votes, int agents, Moment now) {
    service.tick(now);
    service.circuit().company().openElsewhere(votes.size());
    int least = service.config().breaker().quorum();
    if (service.circuit().company().follows() && !Quorum.lasts(votes, least, now.mark())) {
      service.circuit().followsNoMore(now);
      return;
    }
    if (!service.phase().judges()) {
      return;
    }
    Majority majority =
        Quorum.of(
            votes,
            agents,
            least,
            service.circuit().company().wasWell(),
            service.circuit().company().wellAt(),
            now.mark());
    if (majority != null) {
      service.circuit().follow(majority, now);
    }
  }

  /** Publishes no more. */
  Future<Void> stop() {
    ticker.stop();
    left = true;
    return running;
  }
}
