package io.selfheal.message;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ServiceGuard answers to people; to workers, see {@link PermitRequests}. Costs that workers
 * name are in millionths; see {@link Money}.
 */
public final class ServiceRequests {
  /** All services as they stand. */
  public static final Request<ListServices, Services> LIST =
      new Request<>("service.list", ListServices.class, Services.class);

  /** One service as it stands. */
  public static final Request<ReadService, ReadAnswer> READ =
      new Request<>("service.read", ReadService.class, ReadAnswer.class);

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
      implements ReadAnswer, PermitRequests.PermitAnswer, ForceAnswer {
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
      Map<PermitRequests.Reason, Long> refused,
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
