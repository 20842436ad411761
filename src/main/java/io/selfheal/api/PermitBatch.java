package io.selfheal.api;

import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.AskPermits;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.PermitAnswers;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.ServiceRequests.Unknown;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Permits by the batch: what is asked for, and what each got. */
final class PermitBatch {
  private static final int MOST = 1_000;
  private static final int LONGEST_SERVICE = 200;

  private PermitBatch() {}

  /** Several calls. */
  record PermitsBody(@Nullable List<@Nullable PermitOf> permits) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.each("permits", permits, MOST, PermitOf::check);
    }

    AskPermits of() {
      return new AskPermits(
          Objects.requireNonNull(permits).stream()
              .map(one -> Objects.requireNonNull(one).of())
              .toList());
    }
  }

  /** One call, with its service. */
  record PermitOf(
      @Nullable String service,
      @Nullable BigDecimal cost,
      @Nullable Long tokens,
      @Nullable Boolean dryRun,
      @Nullable Boolean retry) {
    void check(FieldCheck check) {
      check.needed("service", service, LONGEST_SERVICE);
      body().check(check);
    }

    private PermitRoutes.PermitBody body() {
      return new PermitRoutes.PermitBody(cost, tokens, dryRun, retry);
    }

    AskPermit of() {
      return body().of(Objects.requireNonNull(service));
    }
  }

  /** In the order of the calls. */
  record PermitResults(List<PermitResult> answers) {
    static PermitResults of(PermitAnswers answers) {
      return new PermitResults(answers.answers().stream().map(PermitResult::of).toList());
    }
  }

  /**
   * What one call got.
   *
   * @param permit null for a dry run and when it is not granted
   * @param reason why not; null when it is granted, or when there is no such service
   */
  record PermitResult(
      boolean granted,
      @Nullable String permit,
      @Nullable Instant expiresAt,
      boolean probe,
      @Nullable Reason reason,
      @Nullable Duration retryAfter,
      @Nullable String detail,
      @Nullable String alternative) {
    static PermitResult of(PermitAnswer answer) {
      return switch (answer) {
        case Granted yes ->
            new PermitResult(
                true, yes.permit(), yes.expiresAt(), yes.probe(), null, null, null, null);
        case Refused no ->
            new PermitResult(
                false,
                null,
                null,
                false,
                no.reason(),
                no.retryAfter(),
                no.detail(),
                no.alternative());
        case Unknown unknown ->
            new PermitResult(
                false,
                null,
                null,
                false,
                null,
                null,
                ServiceRoutes.unknown(unknown).problem().detail(),
                null);
      };
    }
  }
}
