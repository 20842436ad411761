package io.selfheal.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;

/**
 * What of the headers passes. Those of one connection are for that connection (RFC 9110, section
 * 7.6.1); the rest is the worker's, or the service's.
 */
final class PassedHeaders {
  private static final List<String> OF_A_CONNECTION =
      List.of("Connection", "Keep-Alive", "Proxy-Authenticate", "Trailer", "Upgrade");

  private PassedHeaders() {}

  /**
   * What is said to this agent is not said to the service.
   *
   * @param priced whether the answer is to tell its price
   */
  static void toService(HttpServerRequest request, ProxyRequest forwarded, boolean priced) {
    removeNamed(forwarded.headers(), request.headers().getAll(HttpHeaders.CONNECTION));
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      forwarded.headers().remove(HttpHeaders.EXPECT);
      request.response().writeContinue();
    }
    if (priced) {
      // Packed, it would not tell its price.
      forwarded.headers().remove(HttpHeaders.ACCEPT_ENCODING);
    }
  }

  /**
   * The agent's own page lives under the same origin: what a service answers must not run there.
   */
  static void toWorker(ProxyResponse response, HttpServerResponse answer) {
    response.headers().remove("Content-Security-Policy");
    answer.putHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    for (String name : List.of("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")) {
      if (response.headers().contains(name)) {
        answer.headers().remove(name);
      }
    }
    removeNamed(response.headers(), response.headers().getAll(HttpHeaders.CONNECTION));
    OF_A_CONNECTION.forEach(response.headers()::remove);
  }

  private static void removeNamed(MultiMap headers, List<String> connections) {
    for (String connection : connections) {
      for (String name : connection.split(",", -1)) {
        headers.remove(name.strip());
      }
    }
  }
}
