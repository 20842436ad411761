package io.selfheal.service;

import io.selfheal.bus.Time;
import io.selfheal.message.Event;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.store.Database;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An agent's guard that shares its budgets, with clocks and rounds that are turned by hand. */
final class Sharer {
  private static final AtomicInteger RUNS = new AtomicInteger();

  final Outages database;
  final List<Event> events = new CopyOnWriteArrayList<>();
  private final Vertx vertx;
  private final Context context;
  private final ServicesConfig config;
  private final Database real;
  private final AtomicLong mark;
  private final AtomicLong wall;
  private final Time time;
  private final Path directory;
  private final StateFile state;
  private final Guard guard;
  private final BudgetSharing sharing;
  private Future<Void> round = Future.succeededFuture();

  Sharer(Vertx vertx, Database real, Path directory, String... lines) {
    this(
        vertx,
        Rig.config(lines),
        real,
        new AtomicLong(1_000_000_000L),
        new AtomicLong(Instant.parse("2026-03-10T12:00:00Z").toEpochMilli()),
        directory);
  }

  private Sharer(
      Vertx vertx,
      ServicesConfig config,
      Database real,
      AtomicLong mark,
      AtomicLong wall,
      Path directory) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.real = real;
    this.mark = mark;
    this.wall = wall;
    this.time = new Time(() -> Instant.ofEpochMilli(wall.get()), mark::get);
    this.directory = directory;
    this.database = new Outages(real);
    try {
      Files.createDirectories(directory);
      List<String> names = config.services().stream().map(ServiceConfig::name).toList();
      boolean there = Files.exists(directory.resolve("services.state"));
      state = StateFile.open(directory.resolve("services.state"), names, wall.get()).file();
      ShareFile file = new ShareFile(directory.resolve("services.shares"));
      Shares shares = new Shares(there ? file.read() : Shares.Left.nothing());
      guard =
          new Guard(
              config,
              shares,
              RUNS.incrementAndGet(),
              () -> 0.5,
              events::add,
              state::of,
              Moment.of(time));
      guard.all().forEach(one -> state.of(one.config().name()).restore(one, Moment.of(time)));
      sharing =
          new BudgetSharing(vertx, time, shares, file, directory.getFileName() + "", database);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private <T> T on(Callable<T> work) {
    return get(
        Future.future(
            promise ->
                context.runOnContext(
                    nothing -> {
                      try {
                        promise.complete(work.call());
                      } catch (Exception failure) {
                        promise.fail(failure);
                      }
                    })));
  }

  static <T> T get(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  PermitAnswer ask(long cost) {
    return on(() -> guard.ask(new AskPermit("a", cost, 0, false, false), Moment.of(time)));
  }

  Receipt report(String permit, long cost) {
    return on(
        () ->
            guard
                .report(
                    List.of(
                        new Report(permit, CallOutcome.SUCCESS, null, OptionalLong.of(cost), null)),
                    Moment.of(time))
                .getFirst());
  }

  Service service() {
    return on(() -> Guard.read(guard.named("a").orElseThrow(), Moment.of(time)));
  }

  Sharer pass(Duration duration) {
    mark.addAndGet(duration.toNanos());
    wall.addAndGet(duration.toMillis());
    return this;
  }

  /** Begins a round, and does not wait for it. */
  void beginRound() {
    round = on(sharing::round);
  }

  Sharer round() {
    beginRound();
    get(round);
    return this;
  }

  /** Ends cleanly; another run begins. */
  Sharer restart() {
    get(on(sharing::stop));
    state.close();
    return new Sharer(vertx, config, real, mark, wall, directory);
  }

  /** Ends without a word, whatever is under way; another run begins with what was on the disk. */
  Sharer crash() {
    Path copy = directory.resolveSibling(directory.getFileName() + "-");
    on(
        () -> {
          Files.createDirectories(copy);
          // In this order: the state cannot change meanwhile.
          for (String name : List.of("services.state", "services.shares")) {
            if (Files.exists(directory.resolve(name))) {
              Files.copy(directory.resolve(name), copy.resolve(name));
            }
          }
          // What was sent is done; nothing more is.
          database.mode(Outages.Mode.AWAY);
          return null;
        });
    get(round);
    return new Sharer(vertx, config, real, mark, wall, copy);
  }
}
