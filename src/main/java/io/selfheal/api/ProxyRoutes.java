package io.selfheal.api;

import io.selfheal.api.Mounts.Forwarder;
import io.selfheal.message.Forwarded;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/**
 * The way through to services. What they answer is sent as it is; what the agent says is a problem.
 */
final class ProxyRoutes {
  private static final String PREFIX = "/proxy/";

  private final Forwarder forwarder;

  ProxyRoutes(Forwarder forwarder) {
    this.forwarder = forwarder;
  }

  List<Endpoint> endpoints() {
    return Stream.of(
            HttpMethod.GET,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS)
        .map(method -> Endpoint.through(method, PREFIX + "{name}/{path}", this::forward))
        .toList();
  }

  private void forward(RoutingContext context) {
    HttpServerRequest request = context.request();
    String uri = request.uri();
    String name = context.pathParam("name");
    String here = PREFIX + name;
    // The router takes //proxy and %70roxy for the same, and would leave another rest.
    if (!uri.startsWith(here + "/") && !uri.equals(here)) {
      throw ApiFailure.of(
          ProblemKind.MALFORMED_REQUEST, "write the path as " + here + "/…, with nothing escaped");
    }
    forwarder
        .forward(request, name, uri.substring(here.length()))
        .onSuccess(how -> answer(context, how))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, Forwarded how) {
    switch (how) {
      case Forwarded.Answered done -> {}
      case Forwarded.Refused refused -> PermitRefusal.of(refused.why()).send(context.request());
      case Forwarded.NoRoute none ->
          context.fail(ApiFailure.of(ProblemKind.NOT_FOUND, none.detail()));
      case Forwarded.BadTarget bad ->
          context.fail(ApiFailure.of(ProblemKind.MALFORMED_REQUEST, bad.detail()));
      case Forwarded.Away away ->
          context.fail(
              ApiFailure.of(
                  away.slow() ? ProblemKind.SERVICE_SLOW : ProblemKind.SERVICE_AWAY,
                  away.detail()));
    }
  }
}
