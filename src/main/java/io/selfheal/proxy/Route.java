package io.selfheal.proxy;

import io.selfheal.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to one service: its entry in the configuration says {@code proxy: true}.
 *
 * @param base {@code url}: what is forwarded goes below it and nowhere else; http or https
 * @param timeout {@code timeout}: how long the service may be silent, before its answer and within;
 *     1s to 10m, default 50s; shorter than {@code limits.permit_expiry}, or its failure would be
 *     told too late to count
 * @param retries {@code retries}: how often a request that may be repeated is tried again; 0 to 10,
 *     default 2
 * @param price {@code price}: how an answer tells what the call cost; none by default
 */
record Route(String service, URI base, Duration timeout, int retries, Optional<Price> price) {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String HINT = "write such as https://api.example.com/v1";

  /** Reads an entry; empty when it is not proxied, or when it is wrong, which is noted. */
  static Optional<Route> from(Section section) {
    String name = section.text("name", "");
    boolean proxied = section.flag("proxy", false);
    Optional<URI> base = section.text("url").flatMap(text -> base(section, text));
    Duration timeout =
        section.duration("timeout", Duration.ofSeconds(50), Duration.ofSeconds(1), LONGEST);
    int retries = section.integer("retries", 2, 0, 10);
    Optional<Price> price =
        section.says("price") ? Price.from(section.section("price")) : Optional.empty();
    if (proxied && !section.says("url")) {
      section.reject("url", "is missing, and proxy is true", HINT);
    }
    return proxied
        ? base.map(url -> new Route(name, url, timeout, retries, price))
        : Optional.empty();
  }

  private static Optional<URI> base(Section section, String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean whole = http && url.getHost() != null && !url.getHost().isEmpty();
      if (!whole) {
        section.reject("url", "\"" + text + "\" is not an http or https URL with a host", HINT);
        return Optional.empty();
      }
      if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
        // Without the text: it may hold a password.
        section.reject("url", "has a user, a query or a fragment", HINT);
        return Optional.empty();
      }
      return Optional.of(url);
    } catch (URISyntaxException malformed) {
      section.reject("url", "is not a URL: " + malformed.getReason(), HINT);
      return Optional.empty();
    }
  }

  boolean secure() {
    return "https".equals(base.getScheme());
  }

  int port() {
    return base.getPort() >= 0 ? base.getPort() : secure() ? 443 : 80;
  }

  /** The host as a client names it: an IPv6 address without its brackets. */
  String host() {
    String host = base.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
