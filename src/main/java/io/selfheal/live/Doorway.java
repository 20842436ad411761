package io.selfheal.live;

import io.selfheal.json.Json;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is said over HTTP before there is a socket. */
final class Doorway {
  /** The subprotocol of clients that want one event a frame and nothing else. */
  static final String PLAIN = "selfheal.plain";

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  private Doorway() {}

  static boolean isUpgrade(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET)
        && words(request.getHeader(HttpHeaders.UPGRADE)).contains("websocket")
        && words(request.getHeader(HttpHeaders.CONNECTION)).contains("upgrade");
  }

  static boolean wantsPlain(HttpServerRequest request) {
    return words(request.getHeader(SUBPROTOCOL)).contains(PLAIN);
  }

  /**
   * Vert.x adds the response's headers to the answer to the handshake (RFC 6455, section 4.2.2).
   */
  static void acceptPlain(RoutingContext routing) {
    routing.response().putHeader(SUBPROTOCOL, PLAIN);
  }

  static void upgradeRequired(RoutingContext routing) {
    routing
        .response()
        .putHeader(HttpHeaders.CONNECTION, "Upgrade")
        .putHeader(HttpHeaders.UPGRADE, "websocket");
    refuse(routing, 426, "Upgrade required", "this is a WebSocket; ask for the upgrade", null);
  }

  static void bad(RoutingContext routing, Query.Bad bad) {
    String detail = bad.parameter() + " " + bad.reason();
    Wrong wrong = new Wrong(bad.parameter(), bad.reason());
    refuse(routing, 400, "Invalid field", detail, wrong);
  }

  static void away(RoutingContext routing, String detail) {
    routing.response().putHeader("Retry-After", "1");
    refuse(routing, 503, "Part not running", detail, null);
  }

  private static void refuse(
      RoutingContext routing, int status, String title, String detail, @Nullable Wrong wrong) {
    String type = "urn:selfheal:problem:" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
    List<Wrong> errors = wrong == null ? List.of() : List.of(wrong);
    routing
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .end(Json.text(new Refusal(type, title, status, detail, errors)));
  }

  private static List<String> words(@Nullable String header) {
    if (header == null) {
      return List.of();
    }
    return Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
        .map(String::strip)
        .toList();
  }

  /** The body of a refusal (RFC 9457). */
  private record Refusal(
      String type, String title, int status, String detail, List<Wrong> errors) {}

  private record Wrong(String field, String reason) {}
}
