package io.selfheal.service;

import io.selfheal.message.BreakerState;
import io.selfheal.message.ServiceRequests.Hand;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a breaker. Pure: what was, what came and what time it is give what will be.
 *
 * <p>Half-open cannot jam: each probe that is under way ends by its report or lapses, and either
 * frees its place or changes the state.
 */
record Breaker(BreakerConfig config) {
  /** A service that asks to be left alone for longer is asked again sooner. */
  static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** So many probes without an answer are as bad as one that failed. */
  private static final int DOUBTS = 2;

  private static final double SPREAD = 0.2;

  /** How a probe ended. */
  enum Probe {
    SUCCEEDED,
    FAILED,
    /** It lapsed, or was slow. */
    DOUBTFUL,
    /** It tells nothing: it was ignored, or its error is the caller's own. */
    RELEASED;

    static Probe of(Weight weight, boolean slow) {
      return switch (weight) {
        case GOOD -> slow ? DOUBTFUL : SUCCEEDED;
        case BAD -> FAILED;
        case NEUTRAL, NONE -> RELEASED;
      };
    }
  }

  /** What a failure brings with it. */
  record Trip(String cause, long retryAfterNanos, double jitter) {}

  /** What time alone makes of it; the same when nothing is due. */
  Phase passed(Phase phase, Moment now) {
    if (!phase.over(now.mark())) {
      return phase;
    }
    return phase.forced() ? free(phase, now) : halfOpen(phase, now);
  }

  /** Whether a call may pass, as far as the breaker is concerned. */
  boolean admits(Phase phase) {
    return switch (phase.state()) {
      case CLOSED, FORCED_CLOSED, DISABLED -> true;
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN -> phase.out() < config.probes();
    };
  }

  /** A probe is let through. */
  static Phase probing(Phase phase) {
    return phase.withProbes(phase.out() + 1, phase.successes(), phase.doubtful());
  }

  /** A probe of this phase ended. */
  Phase probed(Phase phase, Probe how, Trip trip, Moment now) {
    int out = phase.out() - 1;
    return switch (how) {
      case SUCCEEDED ->
          phase.successes() + 1 >= config.closeAfter()
              ? Phase.closed(phase.epoch() + 1, now.wall())
              : phase.withProbes(out, phase.successes() + 1, phase.doubtful());
      case FAILED -> opened(phase, trip, now);
      case DOUBTFUL ->
          phase.doubtful() + 1 >= DOUBTS
              ? opened(phase, trip, now)
              : phase.withProbes(out, phase.successes(), phase.doubtful() + 1);
      case RELEASED -> phase.withProbes(out, phase.successes(), phase.doubtful());
    };
  }

  /** It opens, for longer than the last time. */
  Phase opened(Phase phase, Trip trip, Moment now) {
    long wait =
        Math.max(
            waitNanos(phase.openings(), trip.jitter()),
            Math.min(trip.retryAfterNanos(), LONGEST_WAIT.toNanos()));
    return Phase.timed(
        BreakerState.OPEN, phase.epoch() + 1, phase.openings() + 1, now, wait, trip.cause(), null);
  }

  /** It opens because others did: until the first of them looks, and no longer than by itself. */
  Phase followed(Phase phase, Quorum.Majority majority, Moment now) {
    long wait = Math.clamp(majority.until() - now.mark(), 1, LONGEST_WAIT.toNanos());
    return Phase.timed(
        BreakerState.OPEN, phase.epoch() + 1, phase.openings(), now, wait, majority.reason(), null);
  }

  /** It looks with a few calls. */
  Phase halfOpen(Phase phase, Moment now) {
    return new Phase(
        BreakerState.HALF_OPEN,
        phase.epoch() + 1,
        phase.openings(),
        now.wall(),
        0,
        0,
        0,
        0,
        0,
        phase.reason(),
        null);
  }

  /** It decides by itself again: after forced open it looks first. */
  private Phase free(Phase phase, Moment now) {
    return phase.state() == BreakerState.FORCED_OPEN
        ? halfOpen(phase, now)
        : Phase.closed(phase.epoch() + 1, now.wall());
  }

  /** A person's hand. */
  Phase taken(
      Phase phase, Hand hand, String reason, String author, @Nullable Instant end, Moment now) {
    return switch (hand) {
      case RESET -> Phase.closed(phase.epoch() + 1, now.wall());
      case AUTOMATIC -> phase.forced() ? free(phase, now) : phase;
      case FORCED_OPEN -> held(phase, BreakerState.FORCED_OPEN, reason, author, end, now);
      case FORCED_CLOSED -> held(phase, BreakerState.FORCED_CLOSED, reason, author, end, now);
      case DISABLED -> held(phase, BreakerState.DISABLED, reason, author, end, now);
    };
  }

  private static Phase held(
      Phase phase,
      BreakerState state,
      String reason,
      String author,
      @Nullable Instant end,
      Moment now) {
    long wait = end == null ? 0 : nanosUntil(end, now);
    return Phase.timed(state, phase.epoch() + 1, 0, now, wait, reason, author);
  }

  /** At least one: a time that is over at once is not the same as none. */
  private static long nanosUntil(Instant end, Moment now) {
    long millis = end.toEpochMilli() - now.wall();
    return Math.max(1, Math.min(millis, Duration.ofDays(3650).toMillis()) * 1_000_000);
  }

  /** How long it stays open after it opened so often before; {@code jitter} is from 0 to 1. */
  long waitNanos(int openings, double jitter) {
    long least = config.openLeast().toNanos();
    long most = config.openMost().toNanos();
    int doublings = Math.min(openings, 40);
    long plain = least > most >> doublings ? most : least << doublings;
    return (long) (plain * (1 - SPREAD + 2 * SPREAD * jitter));
  }
}
