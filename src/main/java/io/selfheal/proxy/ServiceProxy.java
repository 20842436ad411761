package io.selfheal.proxy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Forwarded;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Forwards requests to services. It may be called on any context: each exchange has its own state,
 * and nothing else has any. Host, Origin and where requests may come from are the business of who
 * mounts it.
 */
public final class ServiceProxy extends VerticleBase {
  /** As many as the largest limit of calls at once: who waits here is not the service's fault. */
  private static final int CONNECTIONS = 10_000;

  private final Map<String, Route> routes;
  private final Bus bus;
  private final Time time;
  private final DoubleSupplier random;
  private volatile @Nullable HttpClient client;

  /**
   * @param random from 0 to 1, for the pauses between two tries
   */
  public ServiceProxy(ProxyConfig config, Bus bus, Time time, DoubleSupplier random) {
    this.routes =
        config.routes().stream().collect(Collectors.toMap(Route::service, Function.identity()));
    this.bus = bus;
    this.time = time;
    this.random = random;
  }

  @Override
  public Future<?> start() {
    client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setDecompressionSupported(false)
                    .setHttp2ClearTextUpgrade(false))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
            .build();
    return Future.succeededFuture();
  }

  /**
   * Forwards a request; call it before anything asynchronous, or its body is gone.
   *
   * @param rest path and query as they came, behind the service's name
   */
  public Future<Forwarded> forward(HttpServerRequest request, String service, String rest) {
    Route route = routes.get(service);
    HttpClient running = client;
    if (route == null || running == null) {
      return Future.succeededFuture(
          new Forwarded.NoRoute(
              "no service of this name has proxy: true in the configuration of the agent"));
    }
    if (request.version() == HttpVersion.HTTP_1_0) {
      return Future.succeededFuture(
          new Forwarded.BadTarget(
              "HTTP/1.0 cannot be answered part by part; use 1.1 (nginx: proxy_http_version 1.1)"));
    }
    try {
      Target target = Target.of(route.base(), rest);
      return new Exchange(
              route, target, request, new Surroundings(vertx, running, bus, time, random))
          .begin();
    } catch (Target.Astray astray) {
      return Future.succeededFuture(new Forwarded.BadTarget(String.valueOf(astray.getMessage())));
    }
  }

  @Override
  public Future<?> stop() {
    HttpClient ended = client;
    client = null;
    return ended == null ? Future.succeededFuture() : ended.close();
  }
}
