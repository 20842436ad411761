package io.selfheal.api;

import io.selfheal.api.Endpoint.Ask;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint of a request that is written as plainly as the OpenAPI document writes it: no
 * escapes, no parameters, no wish for another media type. The router, which knows what else a path
 * may mean, tries its sixty routes one by one, and takes longer for that than a permit takes.
 * Whatever is not found here is the router's.
 */
final class Shortcuts {
  private final Map<HttpMethod, List<Plain>> plain = new HashMap<>();

  /**
   * An endpoint, and the one thing that its path leaves open.
   *
   * @param value null when the path leaves nothing open
   */
  record Found(Endpoint endpoint, Ask ask, @Nullable String name, String value) {
    Map<String, String> path() {
      return name == null ? Map.of() : Map.of(name, value);
    }
  }

  /** Around the one pair of braces; {@code name} is null when there is none. */
  private record Plain(
      Endpoint endpoint, Ask ask, String before, @Nullable String name, String after) {
    static Plain of(Endpoint endpoint, Ask ask) {
      String path = endpoint.path();
      int open = path.indexOf('{');
      int close = path.indexOf('}');
      return open < 0
          ? new Plain(endpoint, ask, path, null, "")
          : new Plain(
              endpoint,
              ask,
              path.substring(0, open),
              path.substring(open + 1, close),
              path.substring(close + 1));
    }

    @Nullable Found in(String uri) {
      if (name == null) {
        return uri.equals(before) ? new Found(endpoint, ask, null, "") : null;
      }
      int end = uri.length() - after.length();
      return end > before.length()
              && uri.startsWith(before)
              && uri.endsWith(after)
              && isPlain(uri, before.length(), end)
          ? new Found(endpoint, ask, name, uri.substring(before.length(), end))
          : null;
    }
  }

  /** In the order in which a router would try them. */
  Shortcuts(List<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      boolean one = endpoint.path().indexOf('{') == endpoint.path().lastIndexOf('{');
      if (one && endpoint.action() instanceof Ask ask) {
        plain
            .computeIfAbsent(endpoint.method(), method -> new ArrayList<>())
            .add(Plain.of(endpoint, ask));
      }
    }
  }

  /** Null when the router is to find it, or to say that there is none. */
  @Nullable Found find(HttpServerRequest request) {
    return find(request.method(), request.uri(), request.getHeader(HttpHeaders.ACCEPT));
  }

  @Nullable Found find(HttpMethod method, String uri, @Nullable String accept) {
    if (accept != null && !accept.equals("*/*")) {
      return null;
    }
    for (Plain each : plain.getOrDefault(method, List.of())) {
      Found found = each.in(uri);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** A name with a dot may be a way up, and one with anything else may be escaped. */
  private static boolean isPlain(String uri, int from, int to) {
    for (int at = from; at < to; at++) {
      char one = uri.charAt(at);
      boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
      boolean digit = one >= '0' && one <= '9';
      if (!letter && !digit && one != '-' && one != '_') {
        return false;
      }
    }
    return true;
  }
}
