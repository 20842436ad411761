package io.selfheal.service;

import io.selfheal.bus.Ticker;
import io.selfheal.message.BreakerState;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's own looks at services whose breaker is open. A look that finds one well lets a few
 * calls pass earlier; it never closes a breaker: that the page of a service answers does not say
 * that its calls work.
 */
final class HealthLooks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthLooks.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Clock clock;
  private final List<Ticker> tickers = new ArrayList<>();
  private final List<CircuitBreaker> breakers = new ArrayList<>();
  private @Nullable HttpClient client;

  HealthLooks(Clock clock) {
    this.clock = clock;
  }

  /** Starts a loop for each service that has a probe. */
  void start(Vertx vertx, ServicesConfig config, Guard guard) {
    for (ServiceConfig service : config.services()) {
      service
          .probe()
          .ifPresent(probe -> start(vertx, guard.named(service.name()).orElseThrow(), probe));
    }
  }

  private void start(Vertx vertx, Guarded service, ProbeConfig probe) {
    HttpClient known = client;
    if (known == null) {
      known =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setConnectTimeout((int) LIMIT.toMillis())
                  .setKeepAlive(false));
      client = known;
    }
    HttpClient through = known;
    CircuitBreaker breaker =
        CircuitBreaker.create(
            "probe of " + service.config().name(),
            vertx,
            new CircuitBreakerOptions()
                .setTimeout(LIMIT.toMillis())
                .setResetTimeout(probe.every().toMillis())
                .setNotificationPeriod(0));
    breakers.add(breaker);
    tickers.add(
        new Ticker(
                vertx,
                "probe of " + service.config().name(),
                probe.every(),
                () -> look(through, breaker, service, probe))
            .start());
  }

  private Future<?> look(
      HttpClient through, CircuitBreaker breaker, Guarded service, ProbeConfig probe) {
    if (service.phase().state() != BreakerState.OPEN) {
      return Future.succeededFuture();
    }
    return breaker
        .<Integer>execute(promise -> status(through, probe).onComplete(promise))
        .onSuccess(
            status -> {
              LOG.info(
                  "{} answers {} to the agent's probe: a few calls pass",
                  service.config().name(),
                  status);
              service.answers(clock.now());
            })
        .onFailure(
            failure -> LOG.debug("The probe of {} found it away", service.config().name(), failure))
        .otherwiseEmpty();
  }

  private static Future<Integer> status(HttpClient through, ProbeConfig probe) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(probe.url().toString())
            .setTimeout(LIMIT.toMillis());
    return through
        .request(request)
        .compose(open -> open.send())
        .map(HealthLooks::status)
        .compose(
            status ->
                status >= 200 && status < 400
                    ? Future.succeededFuture(status)
                    : Future.failedFuture("it answers " + status));
  }

  /** The head is enough: the rest may be long, or drip for ever. */
  private static int status(HttpClientResponse answer) {
    answer.exceptionHandler(ended -> LOG.debug("The rest of an answer was not read", ended));
    answer.request().reset();
    return answer.statusCode();
  }

  void stop() {
    tickers.forEach(Ticker::stop);
    breakers.forEach(CircuitBreaker::close);
    if (client != null) {
      client.close();
    }
  }
}
