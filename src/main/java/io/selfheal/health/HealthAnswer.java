package io.selfheal.health;

import io.selfheal.json.Json;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HealthRequests.Component;
import io.selfheal.message.HealthRequests.Health;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of /health/live and /health/ready.
 *
 * @param status up or down
 */
record HealthAnswer(String status, List<Check> checks) {
  /** One check; {@code since} is null until the part has reported. */
  record Check(String name, Status status, String detail, @Nullable Instant since) {}

  /** The board answered, so its event loop turns and its verticle is up. */
  static HealthAnswer alive() {
    return of(
        true, List.of(new Check("event_loop", Status.HEALTHY, "answers within its limit", null)));
  }

  /** Every required part. */
  static HealthAnswer readiness(Health health) {
    return of(
        health.ready(),
        health.components().stream().filter(Component::required).map(HealthAnswer::check).toList());
  }

  /** The board did not answer. */
  static HealthAnswer silent(Throwable cause) {
    return of(false, List.of(new Check("event_loop", Status.ERROR, "" + cause.getMessage(), null)));
  }

  private static HealthAnswer of(boolean up, List<Check> checks) {
    return new HealthAnswer(up ? "up" : "down", checks);
  }

  private static Check check(Component part) {
    return new Check(part.name(), part.status(), part.detail(), part.since());
  }

  /** 200 when up, otherwise 503; never from a cache. */
  void send(RoutingContext routing) {
    routing
        .response()
        .setStatusCode(status.equals("up") ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.bytes(this)));
  }
}
