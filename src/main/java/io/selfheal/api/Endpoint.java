package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Function;

/**
 * One method of one path.
 *
 * @param path as the OpenAPI document writes it, with {@code {name}}
 * @param query the parameters that it knows
 */
record Endpoint(HttpMethod method, String path, Access access, Set<String> query, Action action) {
  /** What answers. */
  sealed interface Action {}

  /** One of ours: a call to a reply. */
  record Ask(Function<Call, Future<Reply>> answer) implements Action {}

  /** Somebody else's, mounted as it is. */
  record Mounted(Handler<RoutingContext> handler) implements Action {}

  static Endpoint get(String path, Set<String> query, Function<Call, Future<Reply>> answer) {
    return new Endpoint(HttpMethod.GET, path, Access.READ, query, new Ask(answer));
  }

  static Endpoint get(String path, Function<Call, Future<Reply>> answer) {
    return get(path, Set.of(), answer);
  }

  static Endpoint post(String path, Access access, Function<Call, Future<Reply>> answer) {
    return new Endpoint(HttpMethod.POST, path, access, Set.of(), new Ask(answer));
  }

  static Endpoint mounted(String path, Access access, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, access, Set.of(), new Mounted(handler));
  }

  /** Somebody else's whole answer, of any method; {@code {path}} at the end is all that follows. */
  static Endpoint through(HttpMethod method, String path, Handler<RoutingContext> handler) {
    return new Endpoint(method, path, Access.PROXY, Set.of(), new Mounted(handler));
  }

  /** Somebody else's WebSocket, who checks the parameters himself. */
  static Endpoint stream(String path, Set<String> query, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, Access.STREAM, query, new Mounted(handler));
  }

  /** The path as the router writes it. */
  String routerPath() {
    return path.replace("{path}", "*").replace("{", ":").replace("}", "");
  }
}
