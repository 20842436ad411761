package io.selfheal.api;

import io.selfheal.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * What is answered.
 *
 * @param headers beside the content type
 */
record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
  static final String JSON = "application/json";

  /** The same as bytes: a text is encoded letter by letter. */
  private static final CharSequence JSON_VALUE = HttpHeaders.createOptimized(JSON);

  private static final int OK = 200;
  private static final int CREATED = 201;

  /** With status 200 and nothing beside. */
  Reply(String contentType, Buffer body) {
    this(OK, contentType, body, Map.of());
  }

  /** Sends it; to HEAD only its length. */
  void send(HttpServerRequest request) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(status)
            .putHeader(
                HttpHeaders.CONTENT_TYPE, contentType.equals(JSON) ? JSON_VALUE : contentType);
    headers.forEach(response::putHeader);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", String.valueOf(body.length())).end();
      return;
    }
    response.end(body);
  }

  /** A record as JSON. */
  static Reply json(Object value) {
    return new Reply(JSON, Buffer.buffer(Json.bytes(value)));
  }

  /** A record as JSON that is there from now on. */
  static Reply created(Object value) {
    return new Reply(CREATED, JSON, Buffer.buffer(Json.bytes(value)), Map.of());
  }
}
