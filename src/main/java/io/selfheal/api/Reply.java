package io.selfheal.api;

import io.selfheal.json.Json;
import io.vertx.core.buffer.Buffer;

/** What a route answers with status 200. */
record Reply(String contentType, Buffer body) {
  static final String JSON = "application/json";

  /** A record as JSON. */
  static Reply json(Object value) {
    return new Reply(JSON, Buffer.buffer(Json.bytes(value)));
  }
}
