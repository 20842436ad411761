package io.selfheal.service;

import io.selfheal.message.BreakerState;
import io.selfheal.message.Money;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Durations;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.service.Breaker.Probe;
import io.selfheal.service.Permits.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One guarded service: asked before a call, told after it. All that it decides follows from what it
 * was told and from the time that comes with each question. Use it on one thread.
 *
 * <p>What only a service in use needs is made when it is used: ten thousand may be configured.
 */
final class Guarded {
  private final ServiceConfig config;
  private final Circuit circuit;
  private final long expiryNanos;
  private final News news;
  private final Refusals refusals;
  private final Quotas quotas;
  private final @Nullable Ledger ledger;
  private final Place place;
  private long sequence;
  private @Nullable Permits permits;
  private @Nullable CallTimes times;
  private @Nullable Tally tally;

  /**
   * @param jitter from 0 to 1, for the pauses of the breaker
   * @param place where its state lasts
   */
  Guarded(
      ServiceConfig config,
      Allowances allowances,
      DoubleSupplier jitter,
      News news,
      Place place,
      Moment now) {
    this.config = config;
    this.circuit = new Circuit(config, jitter, news, moved -> place.write(this, moved), now);
    this.expiryNanos = config.limits().permitExpiry().toNanos();
    this.news = news;
    this.refusals = new Refusals(news);
    this.place = place;
    this.quotas = new Quotas(config, now.mark());
    this.ledger =
        config
            .budget()
            .map(budget -> new Ledger(budget, allowances.of(config.name(), budget), now.wall()))
            .orElse(null);
  }

  /** Takes up what an earlier run left. */
  void restore(Phase left) {
    circuit.restore(left);
  }

  /**
   * Asks leave for one call.
   *
   * @param cost at most, in millionths
   * @param units of the second limit
   * @return the key of a permit, 0 for a dry run that would be granted, or the code of a {@link
   *     Refusal}
   */
  long ask(long cost, long units, boolean retry, boolean dryRun, Moment now) {
    tick(now);
    Refusal refusal = refuses(cost, units, retry, now);
    if (dryRun) {
      return refusal == null ? 0 : refusal.code();
    }
    if (refusal != null) {
      counts().refused(refusal);
      refusals.tell(this, refusal, now);
      return refusal.code();
    }
    return grant(cost, units, now);
  }

  /** Limits and budget before a probe is let through: a refusal takes nothing, and no probe. */
  private @Nullable Refusal refuses(long cost, long units, boolean retry, Moment now) {
    if (circuit.refuses()) {
      return Refusal.OPEN;
    }
    Permits known = permits;
    Refusal limit = quotas.refuses(units, retry, known == null ? 0 : known.open(), now.mark());
    if (limit != null) {
      return limit;
    }
    Refusal budget = ledger == null ? null : ledger.refuses(cost);
    if (budget != null) {
      return budget;
    }
    return circuit.admits() ? null : Refusal.PROBES_OUT;
  }

  private long grant(long cost, long units, Moment now) {
    boolean probe = circuit.probes();
    Permits table = permits;
    if (table == null) {
      table = new Permits();
      permits = table;
    }
    if (table.full()) {
      lapse(table, table.oldest(), now);
    }
    Tally count = counts();
    count.granted++;
    if (probe) {
      count.probes++;
      circuit.probing();
    }
    quotas.take(units, now.mark());
    if (ledger != null) {
      ledger.reserve(cost);
      news.used(config.name(), ledger);
    }
    sequence++;
    int at = table.add(sequence, now.mark() + expiryNanos, cost, phase().epoch(), probe);
    saveIfUsed(now);
    return PermitKey.of(at, sequence);
  }

  /**
   * Says how a call went.
   *
   * @param nanos how long it took; negative when that is not known
   * @param cost in millionths; negative: what was reserved, or nothing when it was ignored
   * @return why it does not count; null when it does
   */
  @Nullable Uncounted report(
      long key, CallOutcome outcome, long nanos, long cost, @Nullable CallError error, Moment now) {
    tick(now);
    Permits table = permits;
    int at = PermitKey.place(key);
    Fate fate = table == null ? Fate.UNKNOWN : table.fate(at, PermitKey.sequence(key));
    if (table == null || fate == Fate.UNKNOWN) {
      return Uncounted.UNKNOWN_PERMIT;
    }
    if (fate == Fate.REPORTED) {
      return Uncounted.ALREADY_REPORTED;
    }
    if (fate == Fate.LAPSED) {
      table.reportedLate(at);
    } else {
      table.end(at, Fate.REPORTED);
    }
    Weight weight = Weight.of(outcome, error);
    take(table.reserved(at), fate, weight, nanos, cost, now);
    Uncounted uncounted = judge(table, at, fate, weight, nanos, error, now);
    saveIfUsed(now);
    return uncounted;
  }

  /** What is taken of every report: its cost and its duration. */
  private void take(long held, Fate fate, Weight weight, long nanos, long cost, Moment now) {
    Tally count = counts();
    count.weigh(weight);
    long settled = cost >= 0 ? cost : weight == Weight.NONE ? 0 : held;
    // One that lapsed was settled then, with what was reserved.
    long before = fate == Fate.LAPSED ? held : 0;
    count.cost = Money.sum(count.cost, settled - before);
    if (ledger != null) {
      ledger.settle(held - before, settled - before);
      news.used(config.name(), ledger);
    }
    if (nanos >= 0 && weight != Weight.NONE) {
      CallTimes known = times;
      if (known == null) {
        known = new CallTimes(now.mark());
        times = known;
      }
      known.add(nanos, now.mark());
      quotas.took(nanos);
    }
  }

  /** Only what belongs to this state of the breaker tells anything of it. */
  private @Nullable Uncounted judge(
      Permits table,
      int at,
      Fate fate,
      Weight weight,
      long nanos,
      @Nullable CallError error,
      Moment now) {
    if (fate == Fate.LAPSED || table.epoch(at) != phase().epoch()) {
      counts().late++;
      return fate == Fate.LAPSED ? Uncounted.LAPSED : Uncounted.OTHER_EPOCH;
    }
    boolean slow = nanos >= config.breaker().slowCall().toNanos();
    long alone = retryAfter(weight, error);
    if (table.probe(at)) {
      circuit.probed(Probe.of(weight, slow), "a probe failed", wait(alone, now), now);
    }
    if (weight == Weight.NONE || weight == Weight.NEUTRAL) {
      return weight == Weight.NONE ? Uncounted.IGNORED : Uncounted.NEUTRAL;
    }
    if (weight == Weight.GOOD) {
      if (!slow) {
        circuit.well(now);
      }
      quotas.succeeded();
    } else {
      quotas.failed();
    }
    count(weight == Weight.BAD, slow, alone, table.probe(at), now);
    return null;
  }

  private static long retryAfter(Weight weight, @Nullable CallError error) {
    Duration asked = weight == Weight.BAD && error != null ? error.retryAfter() : null;
    if (asked == null || asked.isNegative()) {
      return 0;
    }
    return Math.min(asked.toSeconds(), Breaker.LONGEST_WAIT.toSeconds() - 1) * 1_000_000_000L
        + asked.toNanosPart();
  }

  /** What the service asked for, now or before. */
  private long wait(long alone, Moment now) {
    return Math.max(alone, quotas.heldLeft(now.mark()));
  }

  private void count(boolean failed, boolean slow, long alone, boolean probe, Moment now) {
    if (probe || !circuit.counts(failed, slow, now)) {
      return;
    }
    if (alone > 0) {
      quotas.hold(alone, now.mark());
      save(now);
    }
    circuit.judge(wait(alone, now), now);
  }

  /** Lets happen what time alone brings. */
  void tick(Moment now) {
    Permits table = permits;
    while (table != null
        && table.oldest() != Permits.NONE
        && now.mark() - table.expiry(table.oldest()) >= 0) {
      lapse(table, table.oldest(), now);
    }
    circuit.tick(now);
    if (ledger != null && ledger.turn(now.wall())) {
      news.reset(config.name(), ledger);
      save(now);
    }
  }

  /** A permit was not reported: the call was made, perhaps, and cost what was reserved. */
  private void lapse(Permits table, int at, Moment now) {
    table.end(at, Fate.LAPSED);
    Tally count = counts();
    count.lost++;
    count.cost = Money.sum(count.cost, table.reserved(at));
    if (ledger != null) {
      ledger.settle(table.reserved(at), table.reserved(at));
    }
    if (table.probe(at) && table.epoch(at) == phase().epoch()) {
      circuit.probed(Probe.DOUBTFUL, "probes were not reported", wait(0, now), now);
    }
    saveIfUsed(now);
  }

  /** A person's hand. */
  boolean force(Hand hand, String reason, String author, @Nullable Instant end, Moment now) {
    tick(now);
    if (hand == Hand.AUTOMATIC && !phase().forced()) {
      return false;
    }
    if (hand == Hand.RESET || hand == Hand.FORCED_CLOSED || hand == Hand.DISABLED) {
      quotas.letGo();
    }
    circuit.taken(hand, reason, author, end, now);
    return true;
  }

  /** The agent's own look found the service well: a few calls may pass. */
  void answers(Moment now) {
    tick(now);
    if (phase().state() == BreakerState.OPEN && quotas.heldLeft(now.mark()) == 0) {
      circuit.halfOpen(now);
    }
  }

  private void saveIfUsed(Moment now) {
    if (ledger != null || quotas.lasts()) {
      save(now);
    }
  }

  void save(Moment now) {
    place.write(this, now);
  }

  Tally counts() {
    Tally known = tally;
    if (known == null) {
      known = new Tally();
      tally = known;
    }
    return known;
  }

  ServiceConfig config() {
    return config;
  }

  Circuit circuit() {
    return circuit;
  }

  Phase phase() {
    return circuit.phase();
  }

  Quotas quotas() {
    return quotas;
  }

  @Nullable Ledger ledger() {
    return ledger;
  }

  @Nullable Durations durations(Moment now) {
    return times == null ? null : times.read(now.mark());
  }

  /** When a permit that is given now lapses. */
  Instant expiry(Moment now) {
    return now.at(now.mark() + expiryNanos);
  }

  /** Why it refuses, in one sentence. */
  String sentence(Refusal refusal) {
    return refusals.sentence(this, refusal);
  }

  /** Open permits. */
  int open() {
    return permits == null ? 0 : permits.open();
  }

  /** How long to wait after a refusal, in nanoseconds. */
  long pause(Refusal refusal, Moment now) {
    return switch (refusal) {
      case OPEN ->
          phase().lasting() > 0 ? phase().left(now.mark()) : Duration.ofMinutes(1).toNanos();
      case BUDGET -> ledger == null ? 0 : (ledger.period().end() - now.wall()) * 1_000_000;
      default -> quotas.pause(refusal);
    };
  }
}
