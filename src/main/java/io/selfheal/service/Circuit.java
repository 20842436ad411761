package io.selfheal.service;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.service.Breaker.Probe;
import io.selfheal.service.Breaker.Trip;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one service as calls and time go on: its state now, the calls that it judges by,
 * and how it stands to those of other agents. What becomes of a state is decided by {@link
 * Breaker}. Use it on one thread.
 */
final class Circuit {
  private final ServiceConfig config;
  private final Breaker breaker;
  private final DoubleSupplier jitter;
  private final News news;
  private final Consumer<Moment> saving;
  private final Company company = new Company();
  private Phase phase;
  private @Nullable Window window;

  /**
   * Closed.
   *
   * @param jitter from 0 to 1, for its pauses
   * @param saving is to write it down each time it has moved
   */
  Circuit(
      ServiceConfig config, DoubleSupplier jitter, News news, Consumer<Moment> saving, Moment now) {
    this.config = config;
    this.breaker = new Breaker(config.breaker());
    this.jitter = jitter;
    this.news = news;
    this.saving = saving;
    this.phase = Phase.closed(1, now.wall());
  }

  /** Takes up what an earlier run left. */
  void restore(Phase left) {
    phase = left;
    company.restored();
  }

  /** Whether it lets no call through, not even to see how the service is. */
  boolean refuses() {
    return phase.state() == BreakerState.OPEN || phase.state() == BreakerState.FORCED_OPEN;
  }

  /** Whether it lets one more call through; it may be a probe. */
  boolean admits() {
    return breaker.admits(phase);
  }

  /** Whether a call that is let through now is a probe. */
  boolean probes() {
    return phase.state() == BreakerState.HALF_OPEN;
  }

  /** One more probe is let through. */
  void probing() {
    phase = Breaker.probing(phase);
  }

  /**
   * A probe came to its end.
   *
   * @param cause why it opens, if it does
   * @param wait for so many nanoseconds at least, then
   */
  void probed(Probe probe, String cause, long wait, Moment now) {
    become(breaker.probed(phase, probe, trip(cause, wait), now), now);
  }

  /**
   * Counts a call that was no probe.
   *
   * @return whether it speaks against the service
   */
  boolean counts(boolean failed, boolean slow, Moment now) {
    boolean judges = phase.judges();
    if (!judges && phase.state() != BreakerState.FORCED_CLOSED) {
      return false;
    }
    Window known = window;
    if (known == null) {
      known = new Window(config.breaker(), now.mark());
      window = known;
    }
    known.add(now.mark(), failed, slow);
    return judges && (failed || slow);
  }

  /**
   * Opens if the calls that were counted are reason enough.
   *
   * @param wait for so many nanoseconds at least
   */
  void judge(long wait, Moment now) {
    String cause = window == null ? null : window.cause();
    if (cause != null) {
      become(breaker.opened(phase, trip(cause, wait), now), now);
    }
  }

  private Trip trip(String cause, long wait) {
    return new Trip(cause, wait, jitter.getAsDouble());
  }

  /** Lets happen what time alone brings. */
  void tick(Moment now) {
    become(breaker.passed(phase, now), now);
  }

  /** A few calls may pass to see how the service is. */
  void halfOpen(Moment now) {
    become(breaker.halfOpen(phase, now), now);
  }

  /** A call went well, in good time. */
  void well(Moment now) {
    company.well(now.mark());
  }

  /** A person's hand. */
  void taken(Hand hand, String reason, String author, @Nullable Instant end, Moment now) {
    if (hand == Hand.RESET) {
      well(now);
    }
    replace(breaker.taken(phase, hand, reason, author, end, now), now);
    news.tell(
        new BreakerEvent.Forced(
            config.name(), phase.state(), reason, author, phase.forced() ? end : null));
  }

  /** Enough other agents have it open. */
  void follow(Quorum.Majority majority, Moment now) {
    become(breaker.followed(phase, majority, now), now);
    company.followed(phase.state() == BreakerState.OPEN);
  }

  /** Too few have it open any more. */
  void followsNoMore(Moment now) {
    if (company.follows() && phase.state() == BreakerState.OPEN) {
      halfOpen(now);
    }
  }

  /** Whether it is open by what calls told to this run. */
  boolean opensItself() {
    return phase.state() == BreakerState.OPEN && company.byItself();
  }

  private void become(Phase after, Moment now) {
    if (after.epoch() == phase.epoch()) {
      phase = after;
      return;
    }
    replace(after, now);
    news.moved(config.name(), after);
  }

  private void replace(Phase after, Moment now) {
    phase = after;
    company.moved();
    window = null;
    saving.accept(now);
  }

  Phase phase() {
    return phase;
  }

  /** The calls since it moved last; null when there was none. */
  @Nullable Window window() {
    return window;
  }

  /** How it stands to other agents. */
  Company company() {
    return company;
  }
}
