package io.selfheal.health;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HealthRequests;
import io.selfheal.message.HealthRequests.Component;
import io.selfheal.message.HealthRequests.Health;
import io.selfheal.message.HealthRequests.ReadHealth;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest status of every part, and answers /health/live and /health/ready. Deploy it
 * before the parts: it knows only what was reported while it listened.
 */
public final class HealthBoard extends VerticleBase {
  /** A board that is slower than this counts as dead. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Bus bus;
  private final Time time;
  private final Set<String> required;

  private Parts parts;
  private @Nullable HealthChecks checks;

  /**
   * @param expected the components without which the agent is not ready
   */
  public HealthBoard(Bus bus, Time time, Set<String> expected) {
    this.bus = bus;
    this.time = time;
    this.required = Set.copyOf(expected);
    this.parts = Parts.expecting(required);
  }

  @Override
  public Future<?> start() {
    HealthChecks created = HealthChecks.create(vertx);
    for (String name : required) {
      created.register(name, promise -> check(name, promise));
    }
    checks = created;
    bus.onEvent(this::hear);
    bus.answer(HealthRequests.HEALTH, this::read);
    return Future.succeededFuture();
  }

  /** For /health/live: 200 while the board answers in time. */
  public Handler<RoutingContext> live() {
    return routing -> answer(routing, health -> HealthAnswer.alive());
  }

  /** For /health/ready: 200 while every required part is usable, otherwise 503 with the causes. */
  public Handler<RoutingContext> ready() {
    return routing -> answer(routing, HealthAnswer::readiness);
  }

  private void hear(Event event) {
    if (event instanceof ComponentEvent.Changed report) {
      parts = parts.after(report, time.now());
    }
  }

  private void check(String name, Promise<Status> promise) {
    Component part = Objects.requireNonNull(parts.byName().get(name));
    JsonObject data =
        new JsonObject().put("status", part.status().name()).put("detail", part.detail());
    promise.complete(Parts.usable(part) ? Status.OK(data) : Status.KO(data));
  }

  private Future<Health> read(ReadHealth asked) {
    return Objects.requireNonNull(checks)
        .checkStatus()
        .map(result -> new Health(CheckResult.isUp(result), List.copyOf(parts.all())));
  }

  private void answer(RoutingContext routing, Function<Health, HealthAnswer> form) {
    bus.ask(HealthRequests.HEALTH, new ReadHealth(), LIMIT)
        .map(form)
        .otherwise(HealthAnswer::silent)
        .onSuccess(answer -> answer.send(routing))
        .onFailure(routing::fail);
  }
}
