package io.selfheal.store;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.Examination;
import io.selfheal.message.DatabaseRequests.Examine;
import io.selfheal.message.DatabaseRequests.Examined;
import io.selfheal.message.DatabaseRequests.Reset;
import io.selfheal.message.DatabaseRequests.ResetDone;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers what is asked about the databases that the agent uses. */
final class DatabaseDesk {
  private static final Duration AGAIN = Duration.ofMillis(100);

  /** The breaker is half-open a second after it opened, and its probe has five. */
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private final Vertx vertx;
  private final Databases databases;
  private final Examiner examiner;
  private final Bus bus;
  private final Time time;
  private final int poolMax;
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();

  DatabaseDesk(Vertx vertx, Databases databases, int poolMax, Bus bus, Time time) {
    this.vertx = vertx;
    this.databases = databases;
    this.examiner = new Examiner(vertx, time);
    this.poolMax = poolMax;
    this.bus = bus;
    this.time = time;
  }

  void open() {
    subscriptions.add(bus.answer(DatabaseRequests.LIST, query -> Future.succeededFuture(list())));
    subscriptions.add(bus.answer(DatabaseRequests.EXAMINE, this::examine));
    subscriptions.add(bus.answer(DatabaseRequests.RESET, this::reset));
  }

  private DatabaseRequests.Databases list() {
    return new DatabaseRequests.Databases(
        databases.all().stream()
            .map(one -> new State(one.name(), one.away().orElse(null)))
            .toList());
  }

  private Future<Examined> examine(Examine query) {
    List<Future<Examination>> looks =
        databases.all().stream()
            .filter(one -> one.url() != null)
            .filter(one -> query.names().isEmpty() || query.names().contains(one.name()))
            .map(one -> examiner.at(one, poolMax))
            .toList();
    return Future.join(looks)
        .map(done -> new Examined(looks.stream().map(Future::result).toList()));
  }

  private Future<ResetDone> reset(Reset query) {
    Optional<PgDatabase> known =
        databases.all().stream().filter(one -> one.name().equals(query.name())).findFirst();
    if (known.isEmpty()) {
      String names =
          databases.all().stream().map(PgDatabase::name).collect(Collectors.joining(", "));
      return answer(
          Outcome.REFUSED,
          "no database of this agent has a breaker named " + query.name() + "; there is: " + names);
    }
    PgDatabase database = known.get();
    if (database.available()) {
      return answer(Outcome.ALREADY_DONE, "its breaker is closed: calls pass");
    }
    if (database.url() == null) {
      return answer(Outcome.DEFERRED, "its address is not known yet");
    }
    database.renew();
    return closes(database, time.mark());
  }

  /** The breaker closes by its own probe, never by our word. */
  private Future<ResetDone> closes(PgDatabase database, long begun) {
    if (database.available()) {
      return answer(Outcome.DONE, "it has new connections, and answers: its breaker is closed");
    }
    if (time.since(begun).compareTo(LONGEST) > 0) {
      return answer(
          Outcome.FAILED,
          "it has new connections, and is still away: " + database.away().orElse("unknown"));
    }
    Promise<ResetDone> later = Promise.promise();
    vertx.setTimer(AGAIN.toMillis(), id -> closes(database, begun).onComplete(later));
    return later.future();
  }

  private static Future<ResetDone> answer(Outcome outcome, String detail) {
    return Future.succeededFuture(new ResetDone(outcome, detail));
  }

  void close() {
    subscriptions.forEach(Bus.Subscription::cancel);
  }
}
