package io.selfheal.message;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What ServiceGuard answers. Costs that workers name are in millionths; see {@link Money}. */
public final class ServiceRequests {
  /** All services as they stand. */
  public static final Request<ListServices, Services> LIST =
      new Request<>("service.list", ListServices.class, Services.class);

  /** One service as it stands. */
  public static final Request<ReadService, ReadAnswer> READ =
      new Request<>("service.read", ReadService.class, ReadAnswer.class);

  /** Leave for one call. */
  public static final Request<AskPermit, PermitAnswer> PERMIT =
      new Request<>("service.permit", AskPermit.class, PermitAnswer.class);

  /** Leave for several calls, each for itself. */
  public static final Request<AskPermits, PermitAnswers> PERMITS =
      new Request<>("service.permits", AskPermits.class, PermitAnswers.class);

  /** How calls went. */
  public static final Request<Reports, Receipts> REPORT =
      new Request<>("service.report", Reports.class, Receipts.class);

  /** A person's hand on a breaker. */
  public static final Request<Force, ForceAnswer> FORCE =
      new Request<>("service.force", Force.class, ForceAnswer.class);

  private ServiceRequests() {}

  /** Asks for all services; {@code kind} null: of every kind. */
  public record ListServices(@Nullable String kind) {}

  /** The services, in the order of the configuration. */
  public record Services(List<Service> services) {
    /** Copies the list. */
    public Services {
      services = List.copyOf(services);
    }
  }

  /** Asks for one service. */
  public record ReadService(String service) {}

  /** One service, or that there is none of that name. */
  public sealed interface ReadAnswer permits Service, Unknown {}

  /**
   * No service of that name is configured.
   *
   * @param near names that are like it, the nearest first; empty when none is
   */
  public record Unknown(String service, List<String> near)
      implements ReadAnswer, PermitAnswer, ForceAnswer {
    /** Copies the list. */
    public Unknown {
      near = List.copyOf(near);
    }
  }

  /**
   * One service.
   *
   * @param kind what it is, for views: api, ai, database or other
   * @param durations null until a duration was reported in the time that they cover
   * @param budget null when it has none
   * @param retryBudget null when it has none
   * @param alternative the service that stands in for it; null when there is none
   */
  public record Service(
      String name,
      String kind,
      Breaker breaker,
      Rates rates,
      Limits limits,
      @Nullable Budget budget,
      @Nullable RetryBudget retryBudget,
      @Nullable Durations durations,
      Counts counts,
      @Nullable String alternative)
      implements ReadAnswer {}

  /**
   * Its breaker.
   *
   * @param since when it took this state
   * @param until while open: when the first probe may pass; while a person's: when it decides by
   *     itself again; null when nothing is set
   * @param epoch changes with every change of state; a report counts in the epoch of its permit
   * @param openings how often it opened since it last was closed: each wait is longer
   * @param reason why it is not closed; null when it is
   * @param author of a state that a person wants; null when it decides by itself
   * @param openElsewhere how many other agents on the same database have it open by what their own
   *     calls told
   */
  public record Breaker(
      BreakerState state,
      Instant since,
      @Nullable Instant until,
      long epoch,
      int openings,
      @Nullable String reason,
      @Nullable String author,
      int openElsewhere) {}

  /**
   * The calls that counted in the window.
   *
   * @param failureRate from 0 to 1; null when no call counted
   * @param slowRate likewise
   * @param consecutive failures since the last success
   */
  public record Rates(
      Duration window,
      long calls,
      long failures,
      long slow,
      @Nullable Double failureRate,
      @Nullable Double slowRate,
      long consecutive) {}

  /**
   * Its limits.
   *
   * @param rate calls in a time; null when not limited
   * @param tokens the second unit in a time; null when not limited
   * @param concurrent calls at once, at most; null when not limited
   * @param open permits that are not reported yet and have not lapsed
   * @param permitExpiry how long a permit may go unreported
   */
  public record Limits(
      @Nullable Bucket rate,
      @Nullable Bucket tokens,
      @Nullable Integer concurrent,
      int open,
      Duration permitExpiry) {}

  /**
   * A limit in a time.
   *
   * @param free what may be taken at once now
   */
  public record Bucket(long amount, Duration per, long free) {}

  /** The period of a budget. */
  public enum Period {
    DAY,
    MONTH
  }

  /**
   * What it may cost.
   *
   * @param timeZone in which the period begins
   * @param spent reported, or reserved by permits that lapsed
   * @param reserved by open permits
   * @param elsewhere what other agents on the same database have used of it, as far as is known;
   *     all that one holds that is not seen any more
   * @param since when the period began
   * @param resetsAt when the next begins
   * @param warnAt the share that warns, from 0 to 1
   */
  public record Budget(
      BigDecimal amount,
      String currency,
      Period per,
      String timeZone,
      BigDecimal spent,
      BigDecimal reserved,
      BigDecimal elsewhere,
      Instant since,
      Instant resetsAt,
      double warnAt,
      BudgetLevel level) {}

  /** How far a budget is used. */
  public enum BudgetLevel {
    FINE,
    WARNED,
    EXHAUSTED
  }

  /**
   * What is left for retries.
   *
   * @param tokens each failure takes one, each success gives a little back
   * @param most that there can be; retries pass above half of it
   */
  public record RetryBudget(double tokens, int most, boolean retries) {}

  /**
   * Durations of calls that succeeded or failed, each right to a hundredth of itself.
   *
   * @param over the time that they cover, at least
   */
  public record Durations(
      Duration over,
      long count,
      Duration mean,
      Duration p50,
      Duration p90,
      Duration p99,
      Duration max) {}

  /**
   * What happened since this run of the agent began.
   *
   * @param granted permits, probes among them
   * @param probes permits of a half-open breaker
   * @param refused by reason; one that never occurred is not there
   * @param neutral failures that say nothing of the service's health
   * @param lost permits that lapsed without a report
   * @param late reports that came after that, or in another state of the breaker
   * @param cost what was spent, in the budget's currency; of a service without a budget as workers
   *     reported it
   */
  public record Counts(
      long granted,
      long probes,
      Map<Reason, Long> refused,
      long succeeded,
      long failed,
      long neutral,
      long ignored,
      long lost,
      long late,
      BigDecimal cost) {
    /** Copies the map. */
    public Counts {
      refused = Map.copyOf(refused);
    }
  }

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
  public sealed interface PermitAnswer permits Granted, Refused, Unknown {}

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

  /** What a person wants of a breaker. */
  public enum Hand {
    /** Closed, with nothing counted; it decides by itself. */
    RESET,
    FORCED_OPEN,
    FORCED_CLOSED,
    DISABLED,
    /** It decides by itself again: after forced open with probes, otherwise from closed. */
    AUTOMATIC
  }

  /**
   * A person's hand.
   *
   * @param author who it is
   * @param until when it decides by itself again; null: until a person says so. Not for reset and
   *     automatic
   */
  public record Force(
      String service, Hand state, String reason, String author, @Nullable Instant until) {}

  /** How it went. */
  public sealed interface ForceAnswer permits ForceDone, Unknown {}

  /**
   * How it went.
   *
   * @param detail one sentence for an operator
   * @param breaker as it stands now
   */
  public record ForceDone(Outcome outcome, String detail, Breaker breaker) implements ForceAnswer {}
}
