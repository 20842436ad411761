package io.selfheal.api;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.selfheal.bus.RequestFailed;
import io.selfheal.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure to the problem that the client sees; what is not the client's is logged. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Ends a routed request. */
  static void answer(RoutingContext context) {
    @Nullable Throwable failure = context.failure();
    boolean ours = failure instanceof ApiFailure || failure instanceof RequestFailed;
    if (!ours && context.statusCode() == 400) {
      send(context.response(), malformed("the path or the query is not well formed"), Map.of());
      return;
    }
    answer(context.request(), failure);
  }

  /** Ends a request. */
  static void answer(HttpServerRequest request, @Nullable Throwable failure) {
    switch (failure) {
      case ApiFailure ours -> send(request.response(), ours);
      case RequestFailed unanswered ->
          send(request.response(), owner(request, unanswered), Map.of());
      case null, default -> send(request.response(), internal(request, failure), Map.of());
    }
  }

  /** Ends a request with a problem of ours. */
  static void send(HttpServerResponse response, ApiFailure failure) {
    send(response, failure.problem(), failure.headers());
  }

  /** Ends a request that the HTTP decoder refused; the connection cannot go on. */
  static void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ProblemDetails problem =
        switch (cause) {
          case TooLongHttpLineException line ->
              ProblemDetails.of(
                  ProblemKind.TARGET_TOO_LONG,
                  "the request line has more than " + Servers.LONGEST_LINE + " bytes");
          case TooLongHttpHeaderException headers ->
              ProblemDetails.of(
                  ProblemKind.HEADERS_TOO_LARGE,
                  "the headers have more than " + Servers.LARGEST_HEADERS + " bytes");
          case null, default -> malformed("this is not HTTP/1.1");
        };
    Headers.put(request.response());
    request.response().putHeader("Connection", "close");
    send(request.response(), problem, Map.of());
    request.connection().close();
  }

  private static ProblemDetails malformed(String detail) {
    return ProblemDetails.of(ProblemKind.MALFORMED_REQUEST, detail);
  }

  private static ProblemDetails owner(HttpServerRequest request, RequestFailed failure) {
    return switch (failure.reason()) {
      case NOBODY_ANSWERS ->
          logged(
              request,
              failure,
              ProblemDetails.of(
                  ProblemKind.OWNER_AWAY,
                  "the part of the agent that answers this does not run; /health/ready says why"));
      case TIMED_OUT ->
          logged(
              request,
              failure,
              ProblemDetails.of(
                  ProblemKind.OWNER_SLOW,
                  "the part of the agent that answers this did not answer in time; a change may"
                      + " still take effect"));
      case FAILED -> internal(request, failure);
    };
  }

  private static ProblemDetails internal(HttpServerRequest request, @Nullable Throwable failure) {
    return logged(
        request,
        failure,
        ProblemDetails.of(
            ProblemKind.INTERNAL, "the agent failed; its log has the cause under this instance"));
  }

  private static ProblemDetails logged(
      HttpServerRequest request, @Nullable Throwable failure, ProblemDetails problem) {
    String instance = "urn:uuid:" + UUID.randomUUID();
    LOG.warn(
        "{} {} answered {}, {}",
        request.method(),
        request.path(),
        problem.status(),
        instance,
        failure);
    return problem.withInstance(instance);
  }

  private static void send(
      HttpServerResponse response, ProblemDetails problem, Map<String, String> headers) {
    if (response.ended() || response.closed()) {
      return;
    }
    headers.forEach(response::putHeader);
    response
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.bytes(problem)));
  }
}
