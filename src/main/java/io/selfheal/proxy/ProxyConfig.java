package io.selfheal.proxy;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The entries of {@code services} that are proxied. Default: none. */
public record ProxyConfig(List<Route> routes) {
  /** Copies the list. */
  public ProxyConfig {
    routes = List.copyOf(routes);
  }

  /**
   * Reads the key {@code services} of the root section; notes every problem there.
   *
   * @param permitExpiry of a service, by its name
   */
  public static ProxyConfig from(Section root, Function<String, Optional<Duration>> permitExpiry) {
    ProxyConfig config = from(root);
    for (Route route : config.routes()) {
      Optional<Duration> expiry = permitExpiry.apply(route.service());
      if (expiry.isPresent() && route.timeout().compareTo(expiry.get()) >= 0) {
        root.reject(
            "services",
            route.service()
                + " may be silent for "
                + route.timeout().toSeconds()
                + " s (timeout), and its permits lapse after "
                + expiry.get().toSeconds()
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
