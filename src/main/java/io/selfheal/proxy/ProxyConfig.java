package io.selfheal.proxy;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The entries of {@code services} that are proxied. Default: none. */
public record ProxyConfig(List<Route> routes) {
  /** Copies the list. */
  public ProxyConfig {
    routes = List.copyOf(routes);
  }

  /**
   * Reads the key {@code services} of the root section; notes every problem there.
   *
   * @param permitExpiries how long a permit may go unreported, by the name of the service
   */
  public static ProxyConfig from(Section root, Map<String, Duration> permitExpiries) {
    ProxyConfig config = from(root);
    for (Route route : config.routes()) {
      Duration expiry = permitExpiries.get(route.service());
      if (expiry != null && route.timeout().compareTo(expiry) >= 0) {
        root.reject(
            "services",
            route.service()
                + " may be silent for "
                + route.timeout().toSeconds()
                + " s (timeout), and its permits lapse after "
                + expiry.toSeconds()
                + " s: its failures would not count",
            "make timeout shorter, or limits.permit_expiry longer");
      }
    }
    return config;
  }

  /** Reads the entries by themselves. */
  static ProxyConfig from(Section root) {
    return new ProxyConfig(
        root.sections("services").stream().map(Route::from).flatMap(Optional::stream).toList());
  }

  /** The longest that a service may be silent; zero when none is proxied. */
  public Duration longestSilence() {
    return routes.stream().map(Route::timeout).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }
}
