package io.selfheal.store;

import io.selfheal.bus.Time;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool behind a breaker.
 *
 * <p>The breaker opens after three failures in a row: any answer of the database clears the count.
 * Half-open, it lets through only our own probe: its library lets the first caller through and
 * refuses all others until that one is done, and would stay half-open for ever without callers.
 */
final class PgDatabase implements Database {
  private static final Logger LOG = LoggerFactory.getLogger(PgDatabase.class);
  private static final int FAILURES = 3;
  private static final Duration RESET_AFTER = Duration.ofSeconds(1);
  // The statement's own limit comes first; then waiting for a connection, and connecting.
  private static final Duration MARGIN = Duration.ofSeconds(10);
  // As long as three calls in a row may take to time out.
  private static final int WINDOW_FACTOR = 4;

  private final Vertx vertx;
  private final String name;
  private final StoreConfig config;
  private final Time time;
  private final BreakerWatch watch;
  private final CircuitBreaker breaker;
  private volatile @Nullable Link link;
  private volatile Absence absence;
  private volatile @Nullable Throwable lastFailure;
  private volatile boolean used;
  private final AtomicInteger calls = new AtomicInteger();

  /** A database with which no connection is made yet. */
  PgDatabase(Vertx vertx, String name, StoreConfig config, Time time, BreakerWatch watch) {
    this.vertx = vertx;
    this.name = name;
    this.config = config;
    this.time = time;
    this.watch = watch;
    this.absence = new Absence("it has not been connected yet", time.now());
    Duration deadline = config.statementTimeout().plus(MARGIN);
    this.breaker =
        CircuitBreaker.create(
                name,
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(FAILURES)
                    .setTimeout(deadline.toMillis())
                    .setResetTimeout(RESET_AFTER.toMillis())
                    .setFailuresRollingWindow(deadline.multipliedBy(WINDOW_FACTOR).toMillis())
                    .setNotificationAddress(null))
            .failurePolicy(this::counts)
            .openHandler(nothing -> opened())
            .halfOpenHandler(nothing -> vertx.runOnContext(later -> probe()))
            .closeHandler(nothing -> closed());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public <T> Future<T> use(Function<Pool, Future<T>> work) {
    Link present = link;
    if (present == null || breaker.state() != CircuitBreakerState.CLOSED) {
      return Future.failedFuture(unavailable(absence, lastFailure));
    }
    used = true;
    calls.incrementAndGet();
    return breaker
        .execute(() -> work.apply(present.pool()))
        .onComplete(done -> calls.decrementAndGet())
        .recover(this::explain);
  }

  /** Connects, or connects elsewhere; calls that run there end on the former pool. */
  void connect(PostgresUrl url) {
    Link former = link;
    if (former != null && former.url().equals(url)) {
      return;
    }
    link = new Link(url, Pools.create(vertx, url, config));
    if (former != null) {
      close(former);
    }
  }

  /** Says why there is no connection yet. */
  void notYet(String reason) {
    if (link == null && !absence.reason().equals(reason)) {
      absence = new Absence(reason, time.now());
    }
  }

  /** Asks once, when nobody else has since the last time. */
  Future<Void> pingIfIdle() {
    if (used || !available()) {
      used = false;
      return Future.succeededFuture();
    }
    return use(pool -> pool.query("SELECT 1").execute())
        .onComplete(done -> used = false)
        .mapEmpty();
  }

  /** Whether calls are let through. */
  boolean available() {
    return link != null && breaker.state() == CircuitBreakerState.CLOSED;
  }

  /** How many calls are under way, with a connection or waiting for one. */
  int calls() {
    return calls.get();
  }

  /** Why calls are refused; empty when they pass. */
  Optional<String> away() {
    return available() ? Optional.empty() : Optional.of(absence.reason());
  }

  /** Where it is; null while that is not known. */
  @Nullable PostgresUrl url() {
    Link present = link;
    return present == null ? null : present.url();
  }

  /** Closes its connections, and makes new ones as they are needed. */
  void renew() {
    replacePool();
  }

  /** Whether it is connected to this place. */
  boolean isAt(PostgresUrl url) {
    Link present = link;
    return present != null && present.url().equals(url);
  }

  Future<Void> close() {
    Link present = link;
    link = null;
    absence = new Absence("the agent is stopping", time.now());
    breaker.close();
    return present == null ? Future.succeededFuture() : present.pool().close();
  }

  private boolean counts(Future<Object> call) {
    if (call.succeeded() || !Infrastructure.isAway(call.cause())) {
      return false;
    }
    lastFailure = call.cause();
    return true;
  }

  private <T> Future<T> explain(Throwable failure) {
    if (!Infrastructure.isAway(failure)) {
      return Future.failedFuture(failure);
    }
    boolean known = breaker.state() != CircuitBreakerState.CLOSED;
    Absence found = new Absence(Infrastructure.explain(failure), time.now());
    return Future.failedFuture(unavailable(known ? absence : found, failure));
  }

  private DatabaseUnavailable unavailable(Absence away, @Nullable Throwable cause) {
    Link present = link;
    String where = present == null ? "an address not known yet" : present.url().toString();
    return new DatabaseUnavailable(name, where, away.reason(), away.since(), cause);
  }

  /** Called for the first opening of an outage, and again after every probe that failed. */
  private void opened() {
    Throwable failure = lastFailure;
    if (failure != null && Infrastructure.isSilent(failure)) {
      replacePool();
    }
    if (watch.isOpen()) {
      return;
    }
    String reason = failure == null ? "unknown" : Infrastructure.explain(failure);
    absence = new Absence(reason, time.now());
    watch.opened(name, reason);
  }

  private void closed() {
    lastFailure = null;
    watch.closed(name);
  }

  /** The connections of a server that fell silent may hang for a quarter of an hour. */
  private void replacePool() {
    Link former = link;
    if (former != null) {
      link = new Link(former.url(), Pools.create(vertx, former.url(), config));
      close(former);
    }
  }

  private void probe() {
    Link present = link;
    if (present == null) {
      return;
    }
    breaker
        .<Void>execute(() -> Pools.probe(vertx, present.url()))
        .onFailure(failure -> LOG.debug("The {} is still away", name, failure));
  }

  private void close(Link former) {
    former
        .pool()
        .close()
        .onFailure(failure -> LOG.debug("Closing a pool of {} failed", name, failure));
  }

  /** Where it is, and the connections there. */
  private record Link(PostgresUrl url, Pool pool) {}

  /** Why it cannot be used, and since when. */
  private record Absence(String reason, Instant since) {}
}
