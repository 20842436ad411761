package io.selfheal.api;

import io.selfheal.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** What is answered with status 200. */
record Reply(String contentType, Buffer body) {
  static final String JSON = "application/json";

  /** Sends it; to HEAD only its length. */
  void send(RoutingContext context) {
    HttpServerResponse response = context.response().putHeader("Content-Type", contentType);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", String.valueOf(body.length())).end();
      return;
    }
    response.end(body);
  }

  /** A record as JSON. */
  static Reply json(Object value) {
    return new Reply(JSON, Buffer.buffer(Json.bytes(value)));
  }
}
