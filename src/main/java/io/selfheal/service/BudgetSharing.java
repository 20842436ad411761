package io.selfheal.service;

import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.Money;
import io.selfheal.store.Database;
import io.selfheal.store.DatabaseUnavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes slices of budgets ahead of need and gives back what is not used, in rounds: no permit waits
 * for one. On the context of the guard.
 */
final class BudgetSharing {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetSharing.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** In one transaction. */
  private static final int MOST = 500;

  private final Vertx vertx;
  private final Time time;
  private final Shares shares;
  private final ShareFile file;
  private final PgBudgets budgets;
  private final PgGuards guards;
  private final Ticker ticker;
  private final Set<String> told = new HashSet<>();
  private Future<Void> running = Future.succeededFuture();
  private @Nullable Long looked;
  private @Nullable Long tidied;
  private boolean left;
  private String problem = "";

  BudgetSharing(
      Vertx vertx, Time time, Shares shares, ShareFile file, String agent, Database database) {
    this.vertx = vertx;
    this.time = time;
    this.shares = shares;
    this.file = file;
    this.budgets = new PgBudgets(database, agent);
    this.guards = new PgGuards(database, agent);
    this.ticker = new Ticker(vertx, "budgets", INTERVAL, this::round);
  }

  /** Starts; the first slices come with the first round. */
  void start() {
    shares.whenHungry(ticker::hasten);
    ticker.start().hasten();
  }

  /** Asks for what is needed, after the round that runs, if one does. Never fails. */
  Future<Void> round() {
    running = running.compose(before -> left ? Future.succeededFuture() : share());
    return running;
  }

  private Future<Void> share() {
    return look()
        .compose(done -> exchange(shares.asks(Moment.of(time))))
        .compose(done -> tidy())
        .onSuccess(done -> succeeded())
        .recover(this::failed);
  }

  /** A sign of life, and whether others need what is not used here. */
  private Future<Void> look() {
    if (!due(looked, LOOK_EVERY)) {
      return Future.succeededFuture();
    }
    UUID id = shares.id();
    // The next run is to be known by the same id, also when it has no budgets.
    return write()
        .compose(done -> guards.touch(id))
        .compose(done -> budgets.scarce(id))
        .onSuccess(
            found -> {
              shares.scarce(found);
              looked = time.mark();
            })
        .mapEmpty();
  }

  private Future<Void> tidy() {
    return due(tidied, TIDY_EVERY)
        ? budgets.tidy().compose(done -> guards.tidy()).onSuccess(done -> tidied = time.mark())
        : Future.succeededFuture();
  }

  private boolean due(@Nullable Long mark, Duration every) {
    return mark == null || time.since(mark).compareTo(every) >= 0;
  }

  private Future<Void> exchange(List<ShareAsk> asks) {
    if (asks.isEmpty()) {
      return Future.succeededFuture();
    }
    UUID id = shares.id();
    Map<BudgetKey, ShareAnswer> answers = new HashMap<>();
    // What is let go is written down before another agent can have it.
    Future<Void> all = write();
    for (int from = 0; from < asks.size(); from += MOST) {
      List<ShareAsk> some = asks.subList(from, Math.min(asks.size(), from + MOST));
      all = all.compose(done -> budgets.exchange(id, some)).onSuccess(answers::putAll).mapEmpty();
    }
    return all.onSuccess(done -> answered(asks, answers)).compose(done -> write());
  }

  private void answered(List<ShareAsk> asks, Map<BudgetKey, ShareAnswer> answers) {
    if (!shares.answered(asks, answers)) {
      looked = null;
      LOG.warn(
          "The budgets of services are used by another agent with the id of this one: was the data"
              + " directory copied? This one has another id from now on; until their periods end,"
              + " what it has spent counts twice");
    }
  }

  private Future<Void> write() {
    Shares.Left state = shares.left();
    return vertx.executeBlocking(
        () -> {
          file.write(state);
          return null;
        });
  }

  private void succeeded() {
    shares.away(false);
    problem = "";
    shares
        .smaller()
        .forEach(
            (service, amount) -> {
              if (told.add(service + " " + amount)) {
                LOG.warn(
                    "Another agent has a smaller budget for {}, {}: all agents together spend no"
                        + " more than that; write the same amount for each",
                    service,
                    Money.decimal(amount));
              }
            });
  }

  private Future<Void> failed(Throwable failure) {
    shares.away(true);
    if (failure instanceof DatabaseUnavailable) {
      // The store says so, once.
      LOG.debug("No budget is shared: {}", failure.getMessage());
      return Future.succeededFuture();
    }
    String now = String.valueOf(failure.getMessage());
    if (!now.equals(problem)) {
      problem = now;
      LOG.warn(
          "Budgets cannot be shared with other agents, so that only what this one holds already"
              + " may be spent; it is tried again every {}: {}",
          INTERVAL,
          failure instanceof IOException ? "the disk: " + now : now);
    }
    return Future.succeededFuture();
  }

  /** Gives back what is not used; nothing is granted after this. */
  Future<Void> stop() {
    ticker.stop();
    Future<Void> last =
        running
            .compose(
                done -> {
                  left = true;
                  return exchange(shares.givesBack(Moment.of(time)));
                })
            .compose(done -> guards.leave(shares.id()));
    return last.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
