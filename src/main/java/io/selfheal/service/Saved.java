package io.selfheal.service;

import io.selfheal.message.BreakerState;
import io.selfheal.message.ServiceRequests.BudgetLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lasts of a service over a restart, as numbers. Marks mean nothing in another process: they
 * are written as times of day, and what is read is never longer than what was written, whatever the
 * clock did meanwhile.
 */
final class Saved {
  /** How many numbers. */
  static final int SIZE = 15;

  private static final int AT = 0;
  private static final int STATE = 1;
  private static final int EPOCH = 2;
  private static final int OPENINGS = 3;
  private static final int SINCE = 4;
  private static final int WAIT = 5;
  private static final int UNTIL = 6;
  private static final int HELD_UNTIL = 7;
  private static final int CURRENCY = 8;
  private static final int SPENT = 9;
  private static final int RESERVED = 10;
  private static final int LEVEL = 11;
  private static final int RATE_FULL_AT = 12;
  private static final int TOKENS_FULL_AT = 13;
  private static final int RETRIES = 14;

  /** As the numbers in the file have them: add at the end. */
  private static final List<BreakerState> STATES =
      List.of(
          BreakerState.CLOSED,
          BreakerState.OPEN,
          BreakerState.HALF_OPEN,
          BreakerState.FORCED_OPEN,
          BreakerState.FORCED_CLOSED,
          BreakerState.DISABLED);

  private static final List<BudgetLevel> LEVELS =
      List.of(BudgetLevel.FINE, BudgetLevel.WARNED, BudgetLevel.EXHAUSTED);

  private static final long MILLI = 1_000_000;

  private Saved() {}

  static void write(Guarded service, Moment now, long[] into, int base) {
    Phase phase = service.phase();
    Quotas quotas = service.quotas();
    Ledger ledger = service.ledger();
    into[base + AT] = now.wall();
    into[base + STATE] = STATES.indexOf(phase.state());
    into[base + EPOCH] = phase.epoch();
    into[base + OPENINGS] = phase.openings();
    into[base + SINCE] = phase.since();
    into[base + WAIT] = phase.lasting();
    into[base + UNTIL] = now.wall() + ceil(phase.left(now.mark()));
    into[base + HELD_UNTIL] = now.wall() + ceil(quotas.heldLeft(now.mark()));
    into[base + CURRENCY] = ledger == null ? 0 : code(ledger.config().currency());
    into[base + SPENT] = ledger == null ? 0 : ledger.spent();
    into[base + RESERVED] = ledger == null ? 0 : ledger.reserved();
    into[base + LEVEL] = ledger == null ? 0 : LEVELS.indexOf(ledger.level());
    into[base + RATE_FULL_AT] = now.wall() + ceil(quotas.rateFullAt() - now.mark());
    into[base + TOKENS_FULL_AT] = now.wall() + ceil(quotas.tokensFullAt() - now.mark());
    into[base + RETRIES] = quotas.retries();
  }

  /**
   * Whether the service takes up what was written; false: the currency of its budget is another.
   */
  static boolean restore(
      Guarded service,
      long[] area,
      int base,
      @Nullable String reason,
      @Nullable String author,
      Moment now) {
    long[] from = Arrays.copyOfRange(area, base, base + SIZE);
    service.restore(phase(from, reason, author, now));
    LimitsConfig limits = service.config().limits();
    service
        .quotas()
        .restore(
            now.mark() + left(from[RATE_FULL_AT], longest(limits.rate().orElse(null)), now),
            now.mark() + left(from[TOKENS_FULL_AT], longest(limits.tokens().orElse(null)), now),
            now.mark()
                + left(from[HELD_UNTIL], service.config().breaker().openMost().toNanos(), now),
            (int) from[RETRIES],
            now.mark());
    Ledger ledger = service.ledger();
    if (ledger == null || from[CURRENCY] == 0) {
      return true;
    }
    if (from[CURRENCY] != code(ledger.config().currency())) {
      return false;
    }
    // What was reserved counts as spent: those calls were made, perhaps.
    ledger.restore(
        from[AT], from[SPENT] + from[RESERVED], LEVELS.get((int) from[LEVEL]), now.wall());
    return true;
  }

  private static Phase phase(
      long[] from, @Nullable String reason, @Nullable String author, Moment now) {
    BreakerState state = STATES.get((int) from[STATE]);
    boolean forced =
        switch (state) {
          case FORCED_OPEN, FORCED_CLOSED, DISABLED -> true;
          case CLOSED, OPEN, HALF_OPEN -> false;
        };
    long wait = from[WAIT];
    // A person named a time of day; the breaker's own wait is never longer than it was.
    long most = forced ? Duration.ofDays(3650).toNanos() : wait;
    long left = wait == 0 ? 0 : Math.max(1, left(from[UNTIL], most, now));
    return new Phase(
        state,
        from[EPOCH] + 1,
        (int) from[OPENINGS],
        from[SINCE],
        left,
        now.mark() + left,
        0,
        0,
        0,
        state == BreakerState.CLOSED ? null : reason,
        forced ? author == null ? "unknown" : author : null);
  }

  /** How long until a time of day that was written, at most so long. */
  private static long left(long wall, long most, Moment now) {
    long millis = Math.clamp(wall - now.wall(), 0, most / MILLI + 1);
    return Math.min(most, millis * MILLI);
  }

  /** A single call may owe more than the bucket holds; after a restart it is let off that. */
  private static long longest(@Nullable Rate rate) {
    return rate == null ? 0 : rate.per().toNanos();
  }

  private static long ceil(long nanos) {
    return nanos <= 0 ? 0 : (nanos + MILLI - 1) / MILLI;
  }

  /** Three letters as a number; never 0. */
  private static long code(String currency) {
    long code = 0;
    for (byte letter : currency.getBytes(StandardCharsets.US_ASCII)) {
      code = code << 8 | letter;
    }
    return code;
  }
}
