package io.selfheal.remedy;

import io.selfheal.config.Secret;
import io.selfheal.config.Section;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells somebody: a webhook, the log, or both. It changes nothing by itself; what it is about is
 * verified as after any other remedy.
 *
 * <p>Keys of {@code with}: {@code webhook} (an http or https address that is sent a POST with JSON;
 * never shown, as it may carry a key); {@code headers} (a mapping of names and values, never
 * shown); {@code tries} (3, 1 to 10); {@code pause} (1s, 10ms to 1m) before the second try, twice
 * as long before each further one; {@code limit} (10s, 100ms to 1m) of one try; {@code log} (true
 * without a webhook, else false): a line in the agent's log.
 *
 * <p>The body has {@code incident_id}, {@code rule}, {@code rule_version}, {@code symptom}, {@code
 * subject}, {@code severity}, {@code summary} and {@code values}. Tried again is what gives no
 * answer, and the status 408, 425, 429 and from 500; redirects are not followed. A receiver may be
 * told twice, when the agent ended in the middle: the header {@code Idempotency-Key} is then the
 * same.
 */
final class Notify implements Remedy {
  @Override
  public String name() {
    return "notify";
  }

  @Override
  public String description() {
    return "tells a webhook, the log, or both";
  }

  @Override
  public Act read(Section with) {
    Optional<Secret> webhook = with.secret("webhook", "none").filter(Notify::set);
    Map<String, String> headers = with.secrets("headers");
    Optional<URI> address = webhook.flatMap(Notify::address);
    if (webhook.isPresent() && address.isEmpty()) {
      with.reject("webhook", "is not an http address", "such as https://hooks.example.org/key");
    }
    for (String name : headers.keySet()) {
      if (!Webhook.takes(name, headers.get(name))) {
        with.reject("headers", name + " cannot be set", "a name and a value of HTTP");
      }
    }
    Webhook.Patience patience =
        new Webhook.Patience(
            with.integer("tries", 3, 1, 10),
            with.duration(
                "pause", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(1)),
            with.duration(
                "limit", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMinutes(1)));
    boolean log = with.flag("log", webhook.isEmpty());
    if (!log && webhook.isEmpty()) {
      with.reject("log", "is false, and there is no webhook", "write one of the two");
    }
    return new NotifyAct(address.map(uri -> new Webhook(uri, headers, patience)), log);
  }

  private static boolean set(Secret secret) {
    return !secret.reveal().strip().equals("none");
  }

  private static Optional<URI> address(Secret secret) {
    try {
      URI uri = URI.create(secret.reveal().strip());
      boolean known =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return known && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
