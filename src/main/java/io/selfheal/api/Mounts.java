package io.selfheal.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * What others answer under the API's roof, behind its gate.
 *
 * @param liveFeed upgrades {@code /api/v1/events/ws} to a WebSocket; Host and Origin are checked
 * @param metrics answers {@code GET /metrics}
 * @param healthLive answers {@code GET /health/live}
 * @param healthReady answers {@code GET /health/ready}
 */
public record Mounts(
    Handler<RoutingContext> liveFeed,
    Handler<RoutingContext> metrics,
    Handler<RoutingContext> healthLive,
    Handler<RoutingContext> healthReady) {}
