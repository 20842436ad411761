package io.selfheal.api;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request that passed the gate.
 *
 * @param path what stands in the path's braces
 * @param query the parameters
 * @param content the body; empty for a reading call
 */
record Call(Map<String, String> path, Query query, Buffer content) {
  /** What stands in the path under a name. */
  String path(String name) {
    @Nullable String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route's path has no {" + name + "}");
    }
    return value;
  }

  /** The body as a record; an empty body is an empty object. */
  <T extends Body> T body(Class<T> type) {
    return BodyReader.read(content.getBytes(), type);
  }
}
