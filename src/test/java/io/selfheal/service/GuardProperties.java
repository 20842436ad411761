package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerState;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Hand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Whatever eight clients, time and people do, in whatever order. */
class GuardProperties {
  private static final long AMOUNT = 1_000;
  private static final int CONCURRENT = 4;

  /** What may be done next; the number chooses with what. */
  enum Deed {
    ASK,
    SUCCEED,
    FAIL,
    BE_SLOW,
    BE_IGNORED,
    BE_NEUTRAL,
    BE_LEFT_ALONE,
    /** Any permit there ever was is reported. */
    REPLAY,
    PASS,
    PASS_LONG,
    JUMP,
    FORCE,
    RESTART
  }

  record Step(Deed deed, int choice) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Deed> likely =
        Arbitraries.of(Deed.ASK, Deed.ASK, Deed.SUCCEED, Deed.FAIL, Deed.FAIL, Deed.PASS);
    return Combinators.combine(
            Arbitraries.oneOf(List.of(Arbitraries.of(Deed.class), likely, likely)),
            Arbitraries.integers().between(0, 999))
        .as(Step::new)
        .list()
        .ofMaxSize(150);
  }

  /** A guard beside what the clients know of it. */
  private static final class Play {
    private final Rig rig;
    private final List<String> open = new ArrayList<>();
    private final List<String> ever = new ArrayList<>();
    private long openUntil = Long.MIN_VALUE;

    Play(@Nullable Path file) {
      rig =
          new Rig(
              file,
              "name: a",
              "breaker: {window: 10s, consecutive: 3, minimum_calls: 5, slow_call: 1s, open_for: 2s..20s}",
              "limits: {concurrent: " + CONCURRENT + ", permit_expiry: 7s, rate: 30/10s}",
              "budget: {amount: 0.001, per: month}");
    }

    void step(Step step) {
      Guarded service = rig.guard.named("a").orElseThrow();
      service.tick(rig.now());
      Phase before = service.phase();
      act(step, before);
      Guarded after = rig.guard.named("a").orElseThrow();
      holds(after);
      boolean byHand = step.deed == Deed.FORCE || step.deed == Deed.RESTART;
      if (before.state() == BreakerState.OPEN && !byHand && rig.mark < openUntil) {
        assertEquals(before, after.phase(), "an open breaker waits");
      }
      if (after.phase().state() == BreakerState.OPEN) {
        openUntil = after.phase().until();
      }
    }

    private void act(Step step, Phase before) {
      switch (step.deed) {
        case ASK -> ask(step.choice, before);
        case SUCCEED -> report(step.choice, CallOutcome.SUCCESS, 100, 0, null);
        case FAIL -> report(step.choice, CallOutcome.FAILURE, 100, 500, null);
        case BE_SLOW -> report(step.choice, CallOutcome.SUCCESS, 1_500, 0, null);
        case BE_IGNORED -> report(step.choice, CallOutcome.IGNORED, 100, 0, null);
        case BE_NEUTRAL -> report(step.choice, CallOutcome.FAILURE, 100, 404, null);
        case BE_LEFT_ALONE ->
            report(
                step.choice, CallOutcome.FAILURE, 100, 429, Duration.ofMillis(step.choice * 10L));
        case REPLAY -> replay(step.choice, before);
        case PASS -> pass(step.choice * 3L);
        case PASS_LONG -> pass(step.choice * 30L);
        // Within the month: another one begins with nothing spent, as it should.
        case JUMP -> rig.wall += step.choice * 1_000L - 500_000;
        case FORCE -> {
          List<Hand> hands = List.of(Hand.values());
          Hand hand = hands.get(step.choice % hands.size());
          boolean ends = hand != Hand.RESET && hand != Hand.AUTOMATIC && step.choice % 2 == 0;
          rig.force(hand, ends ? Duration.ofMillis(step.choice * 20L + 1) : null);
        }
        case RESTART -> {
          rig.restart();
          open.clear();
        }
      }
    }

    private void pass(long millis) {
      rig.pass(Duration.ofMillis(millis));
    }

    private void ask(int choice, Phase before) {
      PermitAnswer answer = rig.ask("a", choice % 100, 0, choice % 3 == 0);
      if (!(answer instanceof Granted granted)) {
        return;
      }
      assertTrue(
          before.state() != BreakerState.OPEN && before.state() != BreakerState.FORCED_OPEN,
          "an open breaker grants nothing");
      assertEquals(before.state() == BreakerState.HALF_OPEN, granted.probe());
      open.add(granted.permit());
      ever.add(granted.permit());
    }

    private void report(
        int choice, CallOutcome outcome, long millis, int status, @Nullable Duration alone) {
      if (open.isEmpty()) {
        return;
      }
      String permit = open.remove(choice % open.size());
      if (status > 0) {
        rig.fail(permit, status, alone);
        return;
      }
      // No more than was reserved, which is known to be no more than this.
      rig.report(
          new Report(
              permit,
              outcome,
              Duration.ofMillis(millis),
              choice % 2 == 0 ? OptionalLong.of(0) : OptionalLong.empty(),
              null));
    }

    /** One that was reported, has lapsed, or belongs to another state, tells this state nothing. */
    private void replay(int choice, Phase before) {
      if (ever.isEmpty()) {
        return;
      }
      String permit = ever.get(choice % ever.size());
      open.remove(permit);
      Receipt receipt = rig.report(permit, CallOutcome.FAILURE);
      Uncounted why = receipt.reason();
      if (why != null) {
        Phase after = rig.guard.named("a").orElseThrow().phase();
        assertEquals(before, after, "a late report changes nothing: " + why);
      }
      Receipt again = rig.report(permit, CallOutcome.FAILURE);
      assertEquals(false, again.counted(), "a report counts once");
    }

    private static void holds(Guarded service) {
      assertTrue(service.open() <= CONCURRENT, "permits outstanding <= bulkhead");
      Ledger ledger = service.ledger();
      assertTrue(ledger.used() <= AMOUNT, () -> "spent <= budget: " + ledger.used());
      assertTrue(ledger.spent() >= 0 && ledger.reserved() >= 0, "nothing is given back twice");
      assertTrue(service.phase().out() <= service.config().breaker().probes(), "probes");
      assertTrue(service.phase().out() <= service.open(), "a probe is an open permit");
      if (service.open() == 0) {
        assertEquals(0, ledger.reserved(), "what is reserved belongs to an open permit");
        assertEquals(0, service.phase().out());
      }
    }

    /** However it stands: when nobody forces it and calls succeed, it closes. */
    void closes() {
      rig.force(Hand.AUTOMATIC, null);
      // The budget begins anew.
      rig.wall += Duration.ofDays(40).toMillis();
      for (int i = 0; i < 20 && rig.service().breaker().state() != BreakerState.CLOSED; i++) {
        rig.pass(Duration.ofMinutes(1));
        if (rig.ask() instanceof Granted granted) {
          rig.report(granted.permit(), CallOutcome.SUCCESS);
        }
      }
      assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
      rig.pass(Duration.ofMinutes(1));
      assertInstanceOf(Granted.class, rig.ask());
    }
  }

  @Property(tries = 1000)
  void nothingIsEverGrantedThatMayNotBeAndNothingJams(@ForAll("steps") List<Step> steps) {
    Play play = new Play(null);
    for (Step step : steps) {
      if (step.deed != Deed.RESTART) {
        play.step(step);
      }
    }
    play.closes();
  }

  @Property(tries = 60)
  void noRestartChangesThat(@ForAll("steps") List<Step> steps) throws IOException {
    Path file = Files.createTempFile("services", ".state");
    Files.delete(file);
    try {
      Play play = new Play(file);
      for (Step step : steps) {
        play.step(step);
      }
      play.closes();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Time may be told in any steps: a bucket gives no more for it. */
  @Property(tries = 500)
  void aBucketGivesNoMoreThanItHoldsAndWhatComesBack(
      @ForAll @IntRange(min = 1, max = 1000) int amount,
      @ForAll @IntRange(min = 1, max = 100) int seconds,
      @ForAll List<@IntRange(min = 0, max = 2000) Integer> millis) {
    Rate rate = new Rate(amount, Duration.ofSeconds(seconds));
    long begun = 5_000_000_000L;
    long now = begun;
    long fullAt = now;
    long taken = 0;
    for (int pause : millis) {
      now += pause * 1_000_000L;
      while (rate.waitNanos(fullAt, now, 1) == 0) {
        fullAt = rate.taken(fullAt, now, 1);
        taken++;
      }
      long most = amount + (long) ((double) (now - begun) / (seconds * 1e9) * amount) + 1;
      assertTrue(taken <= most, taken + " of at most " + most);
      long wait = rate.waitNanos(fullAt, now, 1);
      assertEquals(0, rate.waitNanos(fullAt, now + wait, 1));
    }
  }

  /** Doubled to the most, and no more than a fifth away from that. */
  @Property(tries = 300)
  void theWaitOfABreakerIsBounded(
      @ForAll @IntRange(min = 0, max = 1_000_000) int openings,
      @ForAll @IntRange(min = 0, max = 1000) int jitter) {
    Breaker breaker = new Breaker(BreakerConfig.DEFAULT);
    long wait = breaker.waitNanos(openings, jitter / 1000.0);
    double plain = Math.min(300e9, 5e9 * Math.pow(2, Math.min(openings, 30)));
    assertTrue(wait >= plain * 0.8 - 1 && wait <= plain * 1.2 + 1, openings + ": " + wait);
  }
}
