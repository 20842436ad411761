package io.selfheal.proxy;

import io.selfheal.message.Forwarded;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Reports;
import io.selfheal.message.ServiceRequests.Unknown;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a worker, from its permit to the report; with as many tries as it may have. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Route route;
  private final HttpServerRequest request;
  private final ProxyRequest forwarded;
  private final Surroundings around;
  private final boolean repeatable;
  private int sent;
  private Side left = Side.NEITHER;
  private @Nullable Silence silence;

  /** Who broke off first: the other's end of the connection then breaks, too. */
  private enum Side {
    NEITHER,
    WORKER,
    SERVICE
  }

  Exchange(Route route, Target target, HttpServerRequest request, Surroundings around) {
    this.route = route;
    this.request = request;
    this.around = around;
    boolean body = hasBody(request);
    this.repeatable = Repeating.repeatable(request.method(), body);
    this.forwarded = ProxyRequest.reverseProxy(request).setURI(target.uri());
    Body whole = forwarded.getBody();
    forwarded.setBody(
        body
            ? Body.body(
                new Overheard(whole.stream(), this::heard, () -> {}, this::held),
                whole.length(),
                whole.mediaType())
            : null);
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  /** Ends when the answer has been sent, or when there is none to send. */
  Future<Forwarded> begin() {
    request.response().closeHandler(closed -> left(Side.WORKER));
    PassedHeaders.toService(request, forwarded, route.price().isPresent());
    return permit(false)
        .compose(
            answer ->
                switch (answer) {
                  case Granted granted -> send(granted.permit());
                  case Refused refused -> end(new Forwarded.Refused(refused));
                  case Unknown unknown ->
                      end(new Forwarded.NoRoute("the guard knows no service of this name"));
                });
  }

  private void left(Side side) {
    if (left == Side.NEITHER) {
      left = side;
    }
  }

  private boolean gone() {
    return left == Side.WORKER;
  }

  /** Where the guard does not answer, calls pass: it must not be the reason that work stands. */
  private Future<PermitAnswer> permit(boolean retry) {
    AskPermit query = new AskPermit(route.service(), reserved(), 0, false, retry);
    return around
        .bus()
        .ask(PermitRequests.PERMIT, query)
        .recover(
            away -> {
              LOG.debug("Forwards to {} without a permit: {}", route.service(), away.getMessage());
              return Future.succeededFuture(new Granted(null, around.time().now(), false));
            });
  }

  private long reserved() {
    return route.price().map(Price::most).orElse(0L);
  }

  private Future<Forwarded> send(@Nullable String permit) {
    sent++;
    long mark = around.time().mark();
    RequestOptions options =
        new RequestOptions()
            .setHost(route.host())
            .setPort(route.port())
            .setSsl(route.secure())
            .setConnectTimeout(CONNECT.toMillis());
    return around
        .client()
        .request(options)
        .transform(
            made ->
                made.succeeded()
                    ? send(permit, mark, made.result())
                    : settled().compose(turn -> failed(permit, mark, made.cause(), true)));
  }

  private Future<Forwarded> send(@Nullable String permit, long mark, HttpClientRequest made) {
    over();
    silence = new Silence(around, route.timeout(), () -> made.reset(0, new TimeoutException()));
    // Until its body is read, and where it is not, nobody else hears that an answer broke off.
    made.response().onSuccess(Exchange::listen);
    return forwarded
        .send(made)
        // What the library cannot read is given up here, or its connection would stay taken.
        .onFailure(unread -> made.reset())
        .transform(
            came ->
                came.succeeded()
                    ? answered(permit, mark, came.result())
                    : settled().compose(turn -> failed(permit, mark, came.cause(), false)));
  }

  /** When a worker goes, the service's side is told first: a turn later it is known who went. */
  private Future<Void> settled() {
    return Future.future(turn -> around.vertx().runOnContext(turn::complete));
  }

  private Future<Forwarded> answered(@Nullable String permit, long mark, ProxyResponse response) {
    Optional<Duration> asked = Asked.of(response.headers().get("Retry-After"), around.time().now());
    boolean again = Repeating.passing(response.getStatusCode()) && mayRepeat();
    Optional<Duration> pause = again ? pause(asked.orElse(Duration.ZERO)) : Optional.empty();
    if (pause.isEmpty()) {
      return deliver(permit, mark, response, asked.orElse(null));
    }
    int status = response.getStatusCode();
    report(
        permit,
        its -> Verdict.answered(its, status, took(mark), OptionalLong.empty(), asked.orElse(null)));
    return again(
        pause.get(),
        () -> deliver(null, mark, response, null),
        next -> {
          giveUp(response.proxiedResponse());
          return send(next);
        });
  }

  /** A part came through, in either direction. */
  private void heard(Buffer part) {
    if (silence != null) {
      silence.broken();
    }
  }

  /** Nobody takes what is there: nothing can be heard. */
  private void held(boolean paused) {
    if (silence != null) {
      silence.held(paused);
    }
  }

  private void over() {
    if (silence != null) {
      silence.over();
    }
  }

  /** An answer that is not read to its end: it may be long. */
  private static void giveUp(HttpClientResponse answer) {
    answer.request().reset();
  }

  private static void listen(HttpClientResponse answer) {
    answer.exceptionHandler(ended -> LOG.debug("An answer broke off", ended));
  }

  private Future<Forwarded> failed(
      @Nullable String permit, long mark, Throwable cause, boolean unsent) {
    Throwable failure = silence != null && silence.tooLong() ? new TimeoutException() : cause;
    over();
    if (gone()) {
      report(permit, its -> Verdict.abandoned(its, took(mark), reserved()));
      return end(new Forwarded.Answered());
    }
    if (failure instanceof NullPointerException || failure instanceof NumberFormatException) {
      // The library could not read its headers: that says nothing of the service's health.
      report(permit, its -> Verdict.abandoned(its, took(mark), reserved()));
      return end(
          new Forwarded.Away(
              false, route.service() + " answered with headers that cannot be passed on"));
    }
    report(permit, its -> Verdict.failed(its, failure, unsent, took(mark)));
    Forwarded away =
        new Forwarded.Away(
            Verdict.slow(failure), route.service() + " gave no answer: " + Verdict.said(failure));
    Optional<Duration> pause =
        mayRepeat() && !Verdict.slow(failure) ? pause(Duration.ZERO) : Optional.empty();
    return pause.isEmpty() ? end(away) : again(pause.get(), () -> end(away), this::send);
  }

  private boolean mayRepeat() {
    return repeatable && sent <= route.retries() && !gone();
  }

  private Optional<Duration> pause(Duration asked) {
    return Repeating.pause(sent, around.random().getAsDouble(), asked);
  }

  /** After the pause, with a permit of its own; or what there is, where there is none. */
  private Future<Forwarded> again(
      Duration pause,
      Supplier<Future<Forwarded>> otherwise,
      Function<@Nullable String, Future<Forwarded>> next) {
    return around
        .vertx()
        .timer(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS)
        .compose(waited -> gone() ? Future.succeededFuture(null) : permit(true))
        .compose(
            answer ->
                answer instanceof Granted granted ? next.apply(granted.permit()) : otherwise.get());
  }

  private Future<Forwarded> deliver(
      @Nullable String permit, long mark, ProxyResponse response, @Nullable Duration retryAfter) {
    @Nullable CostReader reader = overhear(response);
    int status = response.getStatusCode();
    PassedHeaders.toWorker(response, request.response());
    return sending(response)
        .transform(
            done -> {
              boolean slow = silence != null && silence.tooLong();
              over();
              report(
                  permit,
                  its -> {
                    if (done.succeeded()) {
                      OptionalLong cost = reader == null ? OptionalLong.empty() : reader.cost();
                      return Verdict.answered(its, status, took(mark), cost, retryAfter);
                    }
                    return gone()
                        ? Verdict.abandoned(its, took(mark), reserved())
                        : Verdict.failed(
                            its, slow ? new TimeoutException() : done.cause(), false, took(mark));
                  });
              return end(new Forwarded.Answered());
            });
  }

  /** A header that cannot be sent on is a failure of this answer, not of the agent. */
  private static Future<Void> sending(ProxyResponse response) {
    try {
      return response.send();
    } catch (RuntimeException unsendable) {
      return Future.failedFuture(unsendable);
    }
  }

  private @Nullable CostReader overhear(ProxyResponse response) {
    Body body = response.getBody();
    if (body == null) {
      return null;
    }
    @Nullable CostReader reader =
        route.price().map(price -> CostReader.of(price, body.mediaType())).orElse(null);
    Consumer<Buffer> ear =
        part -> {
          heard(part);
          if (reader != null) {
            reader.hear(part);
          }
        };
    Overheard stream = new Overheard(body.stream(), ear, () -> left(Side.SERVICE), this::held);
    response.setBody(Body.body(stream, body.length(), body.mediaType()));
    HttpClientResponse origin = response.proxiedResponse();
    request
        .response()
        .exceptionHandler(
            broken -> {
              left(Side.WORKER);
              origin.request().reset();
            });
    return reader;
  }

  private Duration took(long mark) {
    return around.time().since(mark);
  }

  private void report(@Nullable String permit, Function<String, Report> of) {
    if (permit == null) {
      return;
    }
    around
        .bus()
        .ask(PermitRequests.REPORT, new Reports(List.of(of.apply(permit))))
        .onFailure(away -> LOG.warn("A call of {} is not reported", route.service(), away));
  }

  private static Future<Forwarded> end(Forwarded how) {
    return Future.succeededFuture(how);
  }
}
