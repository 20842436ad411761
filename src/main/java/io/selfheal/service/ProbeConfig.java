package io.selfheal.service;

import io.selfheal.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code probe} of a service: an address that the agent looks at while the breaker is open. When it
 * answers, a few calls pass earlier than they would.
 *
 * @param url {@code url}, http or https; any answer with a status from 200 to 399 is a good one
 * @param every {@code every}, 1s to 1h, default 5s
 */
record ProbeConfig(URI url, Duration every) {
  static Optional<ProbeConfig> from(Section section) {
    String text =
        section.required("url", "write the address of a page that answers when it is well");
    Duration every =
        section.duration(
            "every", Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofHours(1));
    if (text.isBlank()) {
      return Optional.empty();
    }
    Optional<URI> url = url(text);
    if (url.isEmpty()) {
      section.reject("url", "is not an address", "such as https://status.example.com/health");
    }
    return url.map(address -> new ProbeConfig(address, every));
  }

  private static Optional<URI> url(String text) {
    try {
      URI url = new URI(text.strip());
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return web && url.getHost() != null && url.getUserInfo() == null
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException wrong) {
      return Optional.empty();
    }
  }
}
