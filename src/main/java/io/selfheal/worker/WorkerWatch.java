package io.selfheal.worker;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Bus.Subscription;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.DrainRequests;
import io.selfheal.message.ScaleRequests;
import io.selfheal.message.ThrottleRequests;
import io.selfheal.message.TraceRequests;
import io.selfheal.message.UnitRequests;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the worker processes of this host: finds or starts them, says within milliseconds when
 * one is lost, samples each every second, and judges the holders of jobs. Deploy one, on an event
 * loop. Answers all of {@link WorkerRequests} and {@link TraceRequests}; publishes {@link
 * WorkerEvent}; component {@code workers}.
 */
public final class WorkerWatch extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);
  private static final Duration SEARCH_EVERY = Duration.ofSeconds(2);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(30);

  private final WorkersConfig config;
  private final Path dataDir;
  private final Shared shared;
  private final Bus bus;
  private final Time time;

  private final List<Ticker> tickers = new ArrayList<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private @Nullable Room room;
  private @Nullable Ticker searchTicker;

  /**
   * @param dataDir the agent's data directory: output of started workers goes to its {@code
   *     workers}, and its path tells this agent's processes from another agent's
   * @param shared where agents tell each other what they see of workers
   */
  public WorkerWatch(WorkersConfig config, Path dataDir, Shared shared, Bus bus, Time time) {
    this.config = config;
    this.dataDir = dataDir;
    this.shared = shared;
    this.bus = bus;
    this.time = time;
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> Facts.read(dataDir))
        .compose(this::open)
        .onFailure(
            failure -> {
              LOG.error("Workers cannot be watched", failure);
              Problems.unavailable(bus, "workers cannot be watched: " + failure.getMessage());
            });
  }

  private Future<?> open(Facts facts) {
    Tools tools = new Tools(vertx, bus, time, facts.proc());
    DeathWatch deaths = DeathWatch.start(this::notice);
    Room parts = Room.build(tools, config, facts, deaths, shared.views(), this::hastenSearch);
    room = parts;
    parts.problems().set("kernel", facts.pidfdProblem());
    return parts
        .draining()
        .recall()
        .compose(
            recalled ->
                Future.join(
                    parts.adoption().bringUp(), parts.searching().search(Discovery.SETTLED)))
        .compose(done -> parts.sharing().start())
        .onSuccess(
            done -> {
              answer(parts);
              parts.problems().publish();
              startTickers(parts);
            });
  }

  /**
   * Only now: before the processes that ran already are known, a living worker's instance would
   * count as unknown, and its old job as stuck; and so would those of other hosts.
   */
  private void answer(Room parts) {
    subscriptions.add(
        bus.answer(
            WorkerRequests.LIST,
            query -> Future.succeededFuture(parts.roster().shown(time.mark()))));
    subscriptions.add(bus.answer(WorkerRequests.JUDGE, parts.verdicts()::judge));
    subscriptions.add(bus.answer(TraceRequests.CLIENTS, parts.tracing()::clients));
    subscriptions.add(bus.answer(TraceRequests.HOLDERS, parts.tracing()::holders));
    subscriptions.add(bus.answer(WorkerRequests.END, parts.ender()::end));
    subscriptions.add(bus.answer(WorkerRequests.START, parts.starter()::start));
    subscriptions.add(bus.answer(UnitRequests.ACT, parts.units()::act));
    subscriptions.add(bus.answer(DrainRequests.DRAIN, parts.draining()::drain));
    subscriptions.add(bus.answer(ScaleRequests.SCALE, parts.scaling()::scale));
    subscriptions.add(bus.answer(ThrottleRequests.THROTTLE, parts.throttling()::throttle));
    subscriptions.add(bus.answer(ThrottleRequests.LIFT, parts.throttling()::lift));
    subscriptions.add(bus.answer(WorkerRequests.HEARTBEAT, parts.heartbeats()::hear));
  }

  private void startTickers(Room parts) {
    tickers.add(
        new Ticker(vertx, "worker sampling", Sampling.INTERVAL, () -> parts.sampling().sample()));
    tickers.add(
        new Ticker(vertx, "worker start", RETRY_EVERY, () -> parts.adoption().startMissing()));
    if (parts.searching().looks()) {
      searchTicker =
          new Ticker(
              vertx,
              "worker search",
              SEARCH_EVERY,
              () -> parts.searching().search(Discovery.SETTLED));
      tickers.add(searchTicker);
    }
    tickers.forEach(Ticker::start);
  }

  /** On the thread of {@link DeathWatch}. */
  private void notice(long token) {
    Instant noticedAt = time.now();
    context.runOnContext(nothing -> ended(token, noticedAt));
  }

  private void ended(long token, Instant noticedAt) {
    Room parts = room;
    if (parts == null) {
      return;
    }
    parts.watching().ended(token, noticedAt);
    parts.sharing().hasten();
    hastenSearch();
  }

  private void hastenSearch() {
    if (searchTicker != null) {
      searchTicker.hasten();
    }
  }

  /** One round of sampling, on the verticle's context. */
  Future<Void> sample() {
    return onContext(parts -> parts.sampling().sample());
  }

  /** One scan for processes of any age, on the verticle's context. */
  Future<Void> search() {
    return onContext(parts -> parts.searching().search(Duration.ZERO));
  }

  /** One round of sharing views, on the verticle's context. */
  Future<Void> share() {
    return onContext(parts -> parts.sharing().share());
  }

  private Future<Void> onContext(Function<Room, Future<Void>> body) {
    Promise<Void> promise = Promise.promise();
    context.runOnContext(
        nothing -> {
          Room parts = room;
          if (parts == null) {
            promise.fail("not started");
            return;
          }
          body.apply(parts).onComplete(promise);
        });
    return promise.future();
  }

  @Override
  public Future<?> stop() {
    Room parts = room;
    if (parts == null) {
      return Future.succeededFuture();
    }
    tickers.forEach(Ticker::stop);
    return Future.join(subscriptions.stream().map(Subscription::cancel).toList())
        .eventually(parts::endOwn)
        .eventually(parts.sharing()::withdraw)
        .eventually(
            () -> {
              room = null;
              parts.roster().living().forEach(parts.watching()::release);
              parts.deaths().close();
              return Future.succeededFuture();
            });
  }
}
