package io.selfheal.api;

import io.selfheal.api.Endpoint.Ask;
import io.selfheal.api.Endpoint.Mounted;
import io.selfheal.api.Gate.Access;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Puts endpoints on a router: gate, headers, method, media types, body, action, failures. */
final class Endpoints {
  private final Gate gate;

  Endpoints(Gate gate) {
    this.gate = gate;
  }

  /**
   * All of them; what no endpoint answers goes to {@code rest}. The gate stands before the router,
   * which has its own words for a Host that it cannot read.
   */
  Handler<HttpServerRequest> mount(Router router, List<Endpoint> endpoints, Mounted rest) {
    router.route().failureHandler(Failures::answer);
    Map<String, List<Endpoint>> byPath = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      byPath.computeIfAbsent(endpoint.routerPath(), path -> new ArrayList<>()).add(endpoint);
    }
    byPath.forEach((path, methods) -> mount(router, path, methods));
    router.route().handler(rest.handler());
    router.errorHandler(400, Failures::answer);
    router.errorHandler(500, Failures::answer);
    return request -> greet(request, router);
  }

  /** Ends a request for a method that the path does not have. */
  static ApiFailure wrongMethod(HttpServerRequest request, String allow) {
    return ApiFailure.of(
        ProblemKind.WRONG_METHOD,
        request.method() + " is not allowed here, only " + allow,
        "Allow",
        allow);
  }

  private void greet(HttpServerRequest request, Router router) {
    Headers.put(request.response());
    try {
      gate.greet(request);
    } catch (ApiFailure refused) {
      Failures.send(request.response(), refused);
      return;
    }
    router.handle(request);
  }

  private void mount(Router router, String path, List<Endpoint> methods) {
    TreeSet<String> allowed = new TreeSet<>();
    for (Endpoint endpoint : methods) {
      allowed.add(endpoint.method().name());
      Route route = router.route(endpoint.method(), path);
      if (endpoint.method().equals(HttpMethod.GET) && endpoint.access() != Access.STREAM) {
        allowed.add(HttpMethod.HEAD.name());
        route.method(HttpMethod.HEAD);
      }
      route.handler(context -> serve(context, endpoint));
    }
    String allow = String.join(", ", allowed);
    router
        .route(path)
        .handler(
            context -> {
              throw wrongMethod(context.request(), allow);
            });
  }

  private void serve(RoutingContext context, Endpoint endpoint) {
    gate.admit(context.request(), endpoint.access());
    switch (endpoint.action()) {
      case Mounted mounted -> mounted.handler().handle(context);
      case Ask ask -> answer(context, endpoint, ask);
    }
  }

  private static void answer(RoutingContext context, Endpoint endpoint, Ask ask) {
    requireAcceptable(context);
    Query query = Query.of(context.queryParams(), endpoint.query());
    content(context)
        .map(content -> new Call(context.pathParams(), query, content))
        .compose(ask.answer())
        .onSuccess(reply -> send(context, reply))
        .onFailure(context::fail);
  }

  private static Future<Buffer> content(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!request.method().equals(HttpMethod.POST)) {
      return Future.succeededFuture(Buffer.buffer());
    }
    requireJson(request);
    return Inflow.read(request);
  }

  private static void requireJson(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw ApiFailure.of(ProblemKind.NOT_JSON, "the body must not be compressed");
    }
    boolean none = type == null && !hasBody(request);
    if (!none && !isJson(type == null ? "" : type)) {
      throw ApiFailure.of(
          ProblemKind.NOT_JSON, "the body must be JSON with \"Content-Type: application/json\"");
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private static boolean isJson(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 2);
    String parameter = parts.length == 1 ? "" : parts[1].replace("\"", "").strip();
    return parts[0].strip().equals(Reply.JSON)
        && (parameter.isEmpty() || parameter.equals("charset=utf-8"));
  }

  private static void requireAcceptable(RoutingContext context) {
    if (!context.request().headers().contains(HttpHeaders.ACCEPT)) {
      return;
    }
    List<MIMEHeader> accepted = context.parsedHeaders().accept();
    if (!accepted.isEmpty() && accepted.stream().noneMatch(Endpoints::takesJson)) {
      throw ApiFailure.of(ProblemKind.NOT_ACCEPTABLE, "the answer is application/json");
    }
  }

  private static boolean takesJson(MIMEHeader accepted) {
    boolean type = accepted.component().equals("*") || accepted.component().equals("application");
    boolean sub = accepted.subComponent().equals("*") || accepted.subComponent().equals("json");
    return type && sub && accepted.weight() > 0;
  }

  private static void send(RoutingContext context, Reply reply) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    reply.send(context);
  }
}
