package io.selfheal.api;

import io.selfheal.message.Forwarded;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What others answer under the API's roof, behind its gate.
 *
 * @param liveFeed upgrades {@code /api/v1/events/ws} to a WebSocket; Host and Origin are checked
 * @param proxy forwards to services; who may come is checked
 * @param metrics answers {@code GET /metrics}
 * @param healthLive answers {@code GET /health/live}
 * @param healthReady answers {@code GET /health/ready}
 */
public record Mounts(
    Handler<RoutingContext> liveFeed,
    Forwarder proxy,
    Handler<RoutingContext> metrics,
    Handler<RoutingContext> healthLive,
    Handler<RoutingContext> healthReady) {
  /** Forwards requests to services. */
  @FunctionalInterface
  public interface Forwarder {
    /**
     * Forwards a request whose body nobody has read.
     *
     * @param rest path and query as they came, behind the service's name
     */
    Future<Forwarded> forward(HttpServerRequest request, String service, String rest);
  }
}
