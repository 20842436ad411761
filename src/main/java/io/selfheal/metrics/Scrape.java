package io.selfheal.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Answers GET /metrics. */
public final class Scrape {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private Scrape() {}

  /** Shows a registry in the Prometheus text form, or as OpenMetrics to those who accept that. */
  public static Handler<RoutingContext> handler(PrometheusMeterRegistry registry) {
    return routing -> {
      String type = contentType(routing.request().getHeader("Accept"));
      routing
          .response()
          .putHeader("Content-Type", type)
          .putHeader("Cache-Control", "no-store")
          .end(registry.scrape(type));
    };
  }

  static String contentType(@Nullable String accept) {
    return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
  }
}
