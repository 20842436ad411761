package io.selfheal.api;

import io.selfheal.api.Endpoint.Ask;
import io.selfheal.api.Endpoint.Mounted;
import io.selfheal.api.Gate.Access;
import io.vertx.core.Handler;
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
    Shortcuts shortcuts = new Shortcuts(endpoints);
    return request -> greet(request, shortcuts, router);
  }

  /** Ends a request for a method that the path does not have. */
  static ApiFailure wrongMethod(HttpServerRequest request, String allow) {
    return ApiFailure.of(
        ProblemKind.WRONG_METHOD,
        request.method() + " is not allowed here, only " + allow,
        "Allow",
        allow);
  }

  private void greet(HttpServerRequest request, Shortcuts shortcuts, Router router) {
    Headers.put(request.response());
    try {
      gate.greet(request);
      Shortcuts.Found found = shortcuts.find(request);
      if (found != null) {
        gate.admit(request, found.endpoint().access());
        Answering.answer(request, found.ask(), found.path(), Query.NONE);
        return;
      }
    } catch (RuntimeException | Error failure) {
      Failures.answer(request, failure);
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
    Answering.answer(context.request(), ask, context.pathParams(), query);
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
}
