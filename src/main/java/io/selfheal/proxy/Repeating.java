package io.selfheal.proxy;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Whether, and after how long, a request is sent again. Only one that means the same when it is
 * sent twice (RFC 9110, section 9.2.2), and that has no body: a stream passes once. Pure.
 */
final class Repeating {
  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
  private static final Duration BASE = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofSeconds(2);

  private Repeating() {}

  static boolean repeatable(HttpMethod method, boolean body) {
    return IDEMPOTENT.contains(method) && !body;
  }

  /** Whether an answer's status is one that may be another soon. */
  static boolean passing(int status) {
    return PASSING.contains(status);
  }

  /**
   * How long to wait before the next time: full jitter, base × 2ⁿ, capped; no sooner than the
   * service asked for. Empty when it asked for more than a worker would wait.
   *
   * @param before how often it was sent before, at least once
   * @param random from 0 to 1
   * @param asked {@code Retry-After}; zero when nothing was said
   */
  static Optional<Duration> pause(int before, double random, Duration asked) {
    if (asked.compareTo(MOST) > 0) {
      return Optional.empty();
    }
    long most = Math.min(MOST.toMillis(), BASE.toMillis() << Math.min(before - 1, 10));
    Duration jittered = Duration.ofMillis(Math.round(most * random));
    return Optional.of(jittered.compareTo(asked) < 0 ? asked : jittered);
  }
}
