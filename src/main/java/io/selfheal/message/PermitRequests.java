package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Leave for calls of services, and how these went; ServiceGuard answers. Costs are in millionths;
 * see {@link Money}.
 */
public final class PermitRequests {
  /** Leave for one call. */
  public static final Request<AskPermit, PermitAnswer> PERMIT =
      new Request<>("service.permit", AskPermit.class, PermitAnswer.class);

  /** Leave for several calls, each for itself. */
  public static final Request<AskPermits, PermitAnswers> PERMITS =
      new Request<>("service.permits", AskPermits.class, PermitAnswers.class);

  /** How calls went. */
  public static final Request<Reports, Receipts> REPORT =
      new Request<>("service.report", Reports.class, Receipts.class);

  private PermitRequests() {}

  /**
   * Asks for leave for one call.
   *
   * @param costMicros what it may cost, at most, in millionths; 0 when that is not known
   * @param tokens of the second unit; 0 when it has none
   * @param dryRun say what the answer would be, take nothing
   * @param retry it is tried again after a failure
   */
  public record AskPermit(
      String service, long costMicros, long tokens, boolean dryRun, boolean retry) {}

  /** Asks for leave for several calls; at most 1,000. */
  public record AskPermits(List<AskPermit> permits) {
    /** Copies the list. */
    public AskPermits {
      permits = List.copyOf(permits);
    }
  }

  /** One for each that was asked for, in their order. */
  public record PermitAnswers(List<PermitAnswer> answers) {
    /** Copies the list. */
    public PermitAnswers {
      answers = List.copyOf(answers);
    }
  }

  /** The answer. */
  public sealed interface PermitAnswer permits Granted, Refused, ServiceRequests.Unknown {}

  /**
   * The call may be made.
   *
   * @param permit to be reported; null for a dry run
   * @param expiresAt when it lapses
   * @param probe it is one of the few calls by which a half-open breaker looks
   */
  public record Granted(@Nullable String permit, Instant expiresAt, boolean probe)
      implements PermitAnswer {}

  /** Why a call may not be made. */
  public enum Reason {
    BREAKER_OPEN,
    RATE_LIMITED,
    BUDGET_EXHAUSTED,
    BULKHEAD_FULL,
    RETRY_BUDGET_EXHAUSTED
  }

  /**
   * The call may not be made now, and nothing was taken.
   *
   * @param retryAfter when asking again makes sense
   * @param detail one sentence for an operator
   * @param alternative the configured service to call instead; null when there is none
   */
  public record Refused(
      Reason reason, Duration retryAfter, String detail, @Nullable String alternative)
      implements PermitAnswer {}

  /** How calls went; at most 1,000. */
  public record Reports(List<Report> reports) {
    /** Copies the list. */
    public Reports {
      reports = List.copyOf(reports);
    }
  }

  /** How a call went. */
  public enum CallOutcome {
    SUCCESS,
    FAILURE,
    /** It was not made, or its end says nothing. */
    IGNORED
  }

  /**
   * How one call went.
   *
   * @param duration of the call; null when it was not measured
   * @param costMicros what it cost, in millionths; empty: what was reserved, or nothing when it was
   *     ignored
   * @param error of a failure; null when nothing is known of it
   */
  public record Report(
      String permit,
      CallOutcome outcome,
      @Nullable Duration duration,
      OptionalLong costMicros,
      @Nullable CallError error) {}

  /**
   * The error of a failed call.
   *
   * @param category null: by the status or code
   * @param status of HTTP; empty when no answer came, or it was not HTTP
   * @param code the provider's word, or gRPC's, such as {@code UNAVAILABLE}; null when there is
   *     none
   * @param message for people; null when there is none
   * @param retryAfter how long the service asked to be left alone; null when it did not
   */
  public record CallError(
      @Nullable ErrorCategory category,
      OptionalInt status,
      @Nullable String code,
      @Nullable String message,
      @Nullable Duration retryAfter) {}

  /** One for each report, in their order. */
  public record Receipts(List<Receipt> receipts) {
    /** Copies the list. */
    public Receipts {
      receipts = List.copyOf(receipts);
    }
  }

  /** Why a report does not count for the breaker. */
  public enum Uncounted {
    /** It was reported before. Nothing changed. */
    ALREADY_REPORTED,
    /** It lapsed before. Its cost was settled if it is remembered still. */
    LAPSED,
    /** The breaker changed its state since the permit. Cost and duration were taken. */
    OTHER_EPOCH,
    /** The agent was started anew since the permit: what was reserved for it counts as spent. */
    EARLIER_RUN,
    /** No permit of this agent looks so, or it is forgotten. Nothing changed. */
    UNKNOWN_PERMIT,
    /** Its error says nothing of the service's health. Cost and duration were taken. */
    NEUTRAL,
    /** It was reported as ignored: what it held is free again. */
    IGNORED
  }

  /**
   * What became of a report.
   *
   * @param counted whether it counts for the breaker
   * @param reason why not; null when it does
   */
  public record Receipt(boolean counted, @Nullable Uncounted reason) {}
}
