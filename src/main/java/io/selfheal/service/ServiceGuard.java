package io.selfheal.service;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.PermitAnswers;
import io.selfheal.message.PermitRequests.Receipts;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.ReadAnswer;
import io.selfheal.message.ServiceRequests.ReadService;
import io.selfheal.message.ServiceRequests.Services;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Gives leave for calls of external services, is told how they went, and says how each stands. */
public final class ServiceGuard extends VerticleBase {
  private static final Duration TICK = Duration.ofMillis(500);

  private final ServicesConfig config;
  private final Path dataDir;
  private final Bus bus;
  private final Time time;
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();
  private final Clock clock;
  private final HealthLooks looks;
  private final Shared shared;
  private @Nullable Togetherness together;
  private @Nullable Memory memory;
  private @Nullable Guard guard;
  private @Nullable Ticker ticker;

  /**
   * Not started yet.
   *
   * @param dataDir where the state of the services lasts
   */
  public ServiceGuard(ServicesConfig config, Path dataDir, Shared shared, Bus bus, Time time) {
    this.config = config;
    this.dataDir = dataDir;
    this.shared = shared;
    this.bus = bus;
    this.time = time;
    this.clock = new Clock(time);
    this.looks = new HealthLooks(clock);
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> Memory.open(config, dataDir, time))
        .compose(
            opened ->
                vertx
                    .executeBlocking(() -> Togetherness.open(opened, dataDir, shared))
                    .map(shares -> begin(opened, shares)));
  }

  private Guard begin(Memory opened, Togetherness shares) {
    clock.set();
    Moment now = clock.now();
    Guard made =
        new Guard(
            config,
            shares.allowances(),
            ThreadLocalRandom.current().nextInt(),
            ThreadLocalRandom.current()::nextDouble,
            this::tell,
            opened::place,
            now);
    opened.restore(made, now);
    memory = opened;
    guard = made;
    answer(made);
    looks.start(vertx, config, made);
    shares.start(vertx, time, made);
    together = shares;
    ticker = new Ticker(vertx, "services", TICK, this::tick).start();
    bus.publish(health(opened));
    return made;
  }

  private void tell(Event event) {
    LogLine.write(event);
    bus.publish(event);
  }

  /** At once: permits are asked for thousands of times a second, mostly on this event loop. */
  private void answer(Guard made) {
    subscriptions.add(
        bus.answerAtOnce(
            ServiceRequests.LIST, query -> new Services(made.read(query.kind(), clock.now()))));
    subscriptions.add(bus.answerAtOnce(ServiceRequests.READ, query -> read(made, query)));
    subscriptions.add(
        bus.answerAtOnce(PermitRequests.PERMIT, query -> made.ask(query, clock.now())));
    subscriptions.add(
        bus.answerAtOnce(
            PermitRequests.PERMITS,
            query -> new PermitAnswers(made.askAll(query.permits(), clock.now()))));
    subscriptions.add(
        bus.answerAtOnce(
            PermitRequests.REPORT,
            query -> new Receipts(made.report(query.reports(), clock.now()))));
    subscriptions.add(
        bus.answerAtOnce(ServiceRequests.FORCE, query -> made.force(query, clock.now())));
  }

  private ReadAnswer read(Guard made, ReadService query) {
    return made.named(query.service())
        .<ReadAnswer>map(service -> Guard.read(service, clock.now()))
        .orElseGet(() -> made.unknown(query.service()));
  }

  private ComponentEvent.Changed health(Memory opened) {
    String guarded = config.size() + " services are guarded";
    return opened
        .problem()
        .map(
            problem ->
                new ComponentEvent.Changed("services", Status.DEGRADED, guarded + "; " + problem))
        .orElseGet(() -> new ComponentEvent.Changed("services", Status.HEALTHY, guarded));
  }

  Future<?> tick() {
    clock.set();
    if (guard != null) {
      guard.tick(clock.now());
    }
    return force();
  }

  private Future<?> force() {
    Memory known = memory;
    return known != null && known.takeChanged()
        ? vertx.executeBlocking(known::force)
        : Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    if (ticker != null) {
      ticker.stop();
    }
    looks.stop();
    return Future.join(subscriptions.stream().map(Bus.Subscription::cancel).toList())
        .eventually(() -> together == null ? Future.succeededFuture() : together.stop())
        .eventually(this::force)
        .onComplete(
            done -> {
              if (memory != null) {
                memory.close();
              }
            });
  }
}
