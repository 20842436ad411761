package io.selfheal.proxy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What is asked of a service, below its base and nowhere else. Pure.
 *
 * @param uri path and query as they are sent
 */
record Target(String uri) {
  /** A path that leads elsewhere. */
  static final class Astray extends Exception {
    private static final long serialVersionUID = 1L;

    Astray(String message) {
      super(message);
    }
  }

  /**
   * Puts what stands behind the service's name behind the base.
   *
   * @param rest path and query as they came, from the slash on; empty: the base itself
   * @throws Astray when a part of the path leads upward, be it escaped or not
   */
  static Target of(URI base, String rest) throws Astray {
    int mark = rest.indexOf('?');
    String path = mark < 0 ? rest : rest.substring(0, mark);
    String query = mark < 0 ? "" : rest.substring(mark);
    if (leadsUpward(path)) {
      throw new Astray("the path has a part that is . or .., which could lead away from the base");
    }
    String below = base.getRawPath() == null ? "" : base.getRawPath();
    String joined =
        below.endsWith("/") && path.startsWith("/") ? below + path.substring(1) : below + path;
    return new Target((joined.isEmpty() ? "/" : joined) + query);
  }

  /** A service may take an escaped slash or a backslash for a slash, and escape twice. */
  private static boolean leadsUpward(String path) {
    String seen = path;
    for (int i = 0; i < 3; i++) {
      for (String part : seen.split("[/\\\\]", -1)) {
        String bare = part.split(";", 2)[0];
        if (bare.equals(".") || bare.equals("..")) {
          return true;
        }
      }
      seen = decoded(seen);
    }
    return false;
  }

  private static String decoded(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return path;
    }
  }
}
