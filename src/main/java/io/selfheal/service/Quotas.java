package io.selfheal.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one service and its retry budget. Looking takes nothing; what is taken is taken
 * when nothing refuses.
 */
final class Quotas {
  /** A guess, when nothing better is known. */
  private static final long SOON = Duration.ofSeconds(1).toNanos();

  private final ServiceConfig config;
  private final @Nullable Rate rate;
  private final @Nullable Rate tokens;
  private long rateFullAt;
  private long tokensFullAt;
  private boolean held;
  private long heldUntil;
  private int retries;
  private long meanNanos = SOON;
  private long pause;

  Quotas(ServiceConfig config, long mark) {
    this.config = config;
    rate = config.limits().rate().orElse(null);
    tokens = config.limits().tokens().orElse(null);
    rateFullAt = mark;
    tokensFullAt = mark;
    retries = config.retries().full();
  }

  /** Takes up what an earlier run left; marks at which each is full again. */
  void restore(long rateMark, long tokensMark, long heldMark, int retriesLeft, long mark) {
    rateFullAt = rateMark;
    tokensFullAt = tokensMark;
    held = heldMark - mark > 0;
    heldUntil = heldMark;
    retries = Math.clamp(retriesLeft, 0, config.retries().full());
  }

  /** Why the call may not be made; null when it may. {@link #pause} then says for how long. */
  @Nullable Refusal refuses(long units, boolean retry, int open, long mark) {
    if (retry && !config.retries().allows(retries)) {
      return after(config.breaker().openLeast().toNanos(), Refusal.RETRIES);
    }
    if (held && heldLeft(mark) > 0) {
      return after(heldLeft(mark), Refusal.HELD);
    }
    if (rate != null) {
      long nanos = rate.waitNanos(rateFullAt, mark, 1);
      if (nanos > 0) {
        return after(nanos, Refusal.RATE);
      }
    }
    if (tokens != null && units > 0) {
      long nanos = tokens.waitNanos(tokensFullAt, mark, units);
      if (nanos > 0) {
        return after(nanos, Refusal.TOKENS);
      }
    }
    int most = config.limits().concurrent();
    return most > 0 && open >= most ? after(meanNanos, Refusal.BULKHEAD) : null;
  }

  private Refusal after(long nanos, Refusal refusal) {
    pause = nanos;
    return refusal;
  }

  /** How long to wait, in nanoseconds, after a refusal. */
  long pause(Refusal refusal) {
    return switch (refusal) {
      case PROBES_OUT, BUDGET_ASKED -> SOON;
      case BUDGET_AWAY -> 5 * SOON;
      default -> pause;
    };
  }

  void take(long units, long mark) {
    if (rate != null) {
      rateFullAt = rate.taken(rateFullAt, mark, 1);
    }
    if (tokens != null) {
      tokensFullAt = tokens.taken(tokensFullAt, mark, units);
    }
  }

  /** The service asked to be left alone. */
  void hold(long nanos, long mark) {
    long until = mark + Math.min(nanos, config.breaker().openMost().toNanos());
    if (!held || until - heldUntil > 0) {
      heldUntil = until;
      held = true;
    }
  }

  void letGo() {
    held = false;
  }

  /** For how long the service still wants to be left alone, in nanoseconds. */
  long heldLeft(long mark) {
    if (!held) {
      return 0;
    }
    long left = heldUntil - mark;
    if (left <= 0) {
      held = false;
    }
    return Math.max(0, left);
  }

  void succeeded() {
    retries = config.retries().afterSuccess(retries);
  }

  void failed() {
    retries = config.retries().afterFailure(retries);
  }

  /** A call took so long: so soon another may end. */
  void took(long nanos) {
    long bounded = Math.clamp(nanos, 10_000_000L, 10 * SOON);
    meanNanos += (bounded - meanNanos) / 8;
  }

  int retries() {
    return retries;
  }

  long rateFullAt() {
    return rateFullAt;
  }

  long tokensFullAt() {
    return tokensFullAt;
  }

  /** Whether something is to be written down with each call. */
  boolean lasts() {
    return rate != null || tokens != null;
  }
}
