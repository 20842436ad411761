package io.selfheal.api;

import io.selfheal.message.ErrorCategory;
import io.selfheal.message.Money;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Report;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a call went.
 *
 * @param permit of which call; null where the path names it
 * @param cost what it cost; null: what was reserved, or nothing when it was ignored
 * @param error of a failure; null when nothing is known of it
 */
record ReportBody(
    @Nullable String permit,
    @Nullable String outcome,
    @Nullable Long durationMs,
    @Nullable BigDecimal cost,
    @Nullable CallErrorBody error)
    implements Body {
  private static final long MOST_MILLIS = Duration.ofDays(30).toMillis();
  private static final int LONGEST_PERMIT = 200;
  private static final int LONGEST_CODE = 200;
  private static final int LONGEST_MESSAGE = 10_000;

  @Override
  public void check(FieldCheck check) {
    check.atMost("permit", permit, LONGEST_PERMIT);
    if (outcome == null) {
      check.wrong("outcome", "is missing");
    }
    check.oneOf("outcome", outcome, CallOutcome.class);
    check.range("duration_ms", durationMs, 0, MOST_MILLIS);
    PermitRoutes.checkCost(check, cost);
    if (error != null) {
      error.check(check.within("error"));
      if (outcome != null && !outcome.equals("failure")) {
        check.wrong("error", "goes with the outcome failure only");
      }
    }
  }

  Report of(String named) {
    return new Report(
        named,
        CallOutcome.valueOf(Objects.requireNonNull(outcome).toUpperCase(Locale.ROOT)),
        durationMs == null ? null : Duration.ofMillis(durationMs),
        cost == null ? OptionalLong.empty() : Money.micros(cost),
        error == null ? null : error.of());
  }

  /**
   * What failed.
   *
   * @param status of HTTP
   * @param code the provider's word, or gRPC's
   * @param retryAfterMs how long the service asked to be left alone
   */
  record CallErrorBody(
      @Nullable String category,
      @Nullable Long status,
      @Nullable String code,
      @Nullable String message,
      @Nullable Long retryAfterMs) {
    void check(FieldCheck check) {
      check.oneOf("category", category, ErrorCategory.class);
      check.range("status", status, 100, 599);
      check.atMost("code", code, LONGEST_CODE);
      check.lines("message", message, LONGEST_MESSAGE);
      check.range("retry_after_ms", retryAfterMs, 0, MOST_MILLIS);
    }

    CallError of() {
      return new CallError(
          category == null ? null : ErrorCategory.valueOf(category.toUpperCase(Locale.ROOT)),
          status == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(status)),
          code,
          message,
          retryAfterMs == null ? null : Duration.ofMillis(retryAfterMs));
    }
  }
}
