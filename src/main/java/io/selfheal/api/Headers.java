package io.selfheal.api;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** What every response carries. */
final class Headers {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Made once: each answer copies the entries, and writes them as the bytes that they are. */
  private static final MultiMap ALL =
      HttpHeaders.headers()
          .add(fixed("Content-Security-Policy"), fixed(POLICY))
          .add(fixed("X-Content-Type-Options"), fixed("nosniff"))
          .add(fixed("Referrer-Policy"), fixed("no-referrer"))
          .add(fixed("Cross-Origin-Resource-Policy"), fixed("same-origin"))
          .add(fixed("Cache-Control"), fixed("no-store"))
          .copy(false);

  private Headers() {}

  private static CharSequence fixed(String text) {
    return HttpHeaders.createOptimized(text);
  }

  /** Call it first: it takes the place of those that are there. */
  static void put(HttpServerResponse response) {
    response.headers().setAll(ALL);
  }
}
