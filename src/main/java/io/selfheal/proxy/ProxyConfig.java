package io.selfheal.proxy;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The entries of {@code services} that are proxied. Default: none. */
public record ProxyConfig(List<Route> routes) {
  /** Copies the list. */
  public ProxyConfig {
    routes = List.copyOf(routes);
  }

  /** Reads the key {@code services} of the root section; notes every problem there. */
  public static ProxyConfig from(Section root) {
    return new ProxyConfig(
        root.sections("services").stream().map(Route::from).flatMap(Optional::stream).toList());
  }

  /** The longest that a service may be silent; zero when none is proxied. */
  public Duration longestSilence() {
    return routes.stream().map(Route::timeout).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }
}
