package io.selfheal.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.selfheal.json.Json;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem (RFC 9457) that a worker can act on: no permit now.
 *
 * @param retryAfter when asking again makes sense, finer than the header
 * @param alternative the service to call instead; null when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PermitRefusal(
    String type,
    String title,
    int status,
    String detail,
    Reason reason,
    Duration retryAfter,
    @Nullable String alternative) {
  private static final Duration ALMOST = Duration.ofSeconds(1).minusNanos(1);

  static Reply of(Refused refused) {
    ProblemKind kind = kind(refused.reason());
    PermitRefusal problem =
        new PermitRefusal(
            kind.uri(),
            kind.title(),
            kind.status(),
            refused.detail(),
            refused.reason(),
            refused.retryAfter(),
            refused.alternative());
    return new Reply(
        kind.status(),
        "application/problem+json",
        Buffer.buffer(Json.bytes(problem)),
        Map.of(
            "Retry-After",
            String.valueOf(refused.retryAfter().plus(ALMOST).toSeconds()),
            "Cache-Control",
            "no-store"));
  }

  private static ProblemKind kind(Reason reason) {
    return switch (reason) {
      case BREAKER_OPEN -> ProblemKind.BREAKER_OPEN;
      case RATE_LIMITED -> ProblemKind.RATE_LIMITED;
      case BUDGET_EXHAUSTED -> ProblemKind.BUDGET_EXHAUSTED;
      case BULKHEAD_FULL -> ProblemKind.BULKHEAD_FULL;
      case RETRY_BUDGET_EXHAUSTED -> ProblemKind.RETRY_BUDGET_EXHAUSTED;
    };
  }
}
