package io.selfheal.remedy;

import io.selfheal.message.WebhookRequests.Fate;
import io.selfheal.message.WebhookRequests.Post;
import io.selfheal.message.WebhookRequests.Posted;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiver of webhooks, behind a breaker: when many incidents tell somebody who does not
 * answer, they do not all wait for it.
 *
 * <p>The breaker opens after {@value #FAILURES} tries in a row, within a minute, that got no answer
 * or one from 500. Then one at a time is let through, a second after the one before has failed; the
 * first that is answered closes it.
 */
final class Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);
  private static final int FAILURES = 5;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration RESET_AFTER = Duration.ofSeconds(1);
  // Each try has a limit of its own, of a minute at most.
  private static final Duration MOST = Duration.ofSeconds(90);

  private final HttpClient client;
  private final CircuitBreaker breaker;
  private volatile boolean away;

  /**
   * @param name scheme, host and port, for people
   */
  Receiver(Vertx vertx, HttpClient client, String name) {
    this.client = client;
    this.breaker =
        CircuitBreaker.create(
                name,
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(FAILURES)
                    .setFailuresRollingWindow(WINDOW.toMillis())
                    .setTimeout(MOST.toMillis())
                    .setResetTimeout(RESET_AFTER.toMillis())
                    .setNotificationAddress(null))
            .openHandler(opened -> opened(name))
            .closeHandler(closed -> closed(name));
  }

  /** Tries once; never fails. */
  Future<Posted> post(Post post) {
    return breaker
        .execute(() -> send(post))
        .map(Receiver::answered)
        .recover(failure -> Future.succeededFuture(unanswered(post, failure)));
  }

  void close() {
    breaker.close();
  }

  private static RequestOptions request(Post post) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(post.address().toString())
            .setConnectTimeout(post.limit().toMillis())
            .putHeader("Content-Type", "application/json")
            .putHeader("User-Agent", "selfheal")
            .putHeader("Idempotency-Key", post.key());
    post.headers().forEach(options::putHeader);
    return options;
  }

  /** All of it has one limit: an answer that drips would have no end. */
  private Future<Integer> send(Post post) {
    Exchange exchange = new Exchange();
    return client
        .request(request(post))
        .compose(made -> exchange.send(made, post))
        .timeout(post.limit().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> exchange.giveUp());
  }

  /** One request and its answer; on the context of the desk. */
  private static final class Exchange {
    private @Nullable HttpClientRequest request;
    private boolean givenUp;

    Future<Integer> send(HttpClientRequest made, Post post) {
      request = made;
      if (givenUp) {
        // The connection came too late: who waited has been told so.
        return made.reset().transform(done -> Future.failedFuture(new TimeoutException()));
      }
      return made.send(post.json())
          .compose(
              answer -> {
                answer.exceptionHandler(broken -> LOG.debug("The answer to a {} broke", post));
                return answer.end().map(end -> answer.statusCode());
              })
          .compose(
              status ->
                  status < 500
                      ? Future.succeededFuture(status)
                      : Future.failedFuture(new Unable(status)));
    }

    void giveUp() {
      givenUp = true;
      if (request != null) {
        request.reset();
      }
    }
  }

  private static Posted answered(int status) {
    Fate fate =
        status >= 200 && status < 300
            ? Fate.TAKEN
            : PASSING.contains(status) ? Fate.FAILED : Fate.REFUSED;
    return new Posted(fate, "answered " + status);
  }

  private static Posted unanswered(Post post, Throwable failure) {
    return switch (failure) {
      case Unable unable -> new Posted(Fate.FAILED, "answered " + unable.status);
      case OpenCircuitException open ->
          new Posted(Fate.NOT_TRIED, "not tried, as the last " + FAILURES + " tries failed");
      case TimeoutException late ->
          new Posted(Fate.FAILED, "no answer within " + post.limit().toMillis() + " ms");
      default -> new Posted(Fate.FAILED, "no answer: " + kind(failure));
    };
  }

  /** A message may have the address in it. */
  private static String kind(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable one = failure; one != null; one = one.getCause()) {
      deepest = one;
    }
    return deepest.getClass().getSimpleName();
  }

  /** Called for each try that fails while it is open, too. */
  private void opened(String name) {
    if (!away) {
      away = true;
      LOG.warn(
          "{} takes no notices: {} tries in a row failed. One at a time is tried", name, FAILURES);
    }
  }

  private void closed(String name) {
    away = false;
    LOG.info("{} takes notices again", name);
  }

  /** It is there, and cannot do it now. */
  private static final class Unable extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    Unable(int status) {
      super("it answered " + status, null, false, false);
      this.status = status;
    }
  }
}
