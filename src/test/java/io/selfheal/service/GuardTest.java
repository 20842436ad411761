package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.Outcome;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.Unknown;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A breaker from the outside. */
class GuardTest {
  private static final Receipt COUNTED = new Receipt(true, null);

  private static Receipt uncounted(Uncounted reason) {
    return new Receipt(false, reason);
  }

  @Test
  void failuresInARowOpenItAndItSaysWhyAndWhenToComeBack() {
    Rig rig =
        new Rig(
            "name: a", "alternative: b", "breaker: {consecutive: 3, open_for: 5s..5m}", "name: b");
    rig.failures(2).successes(1).failures(2);
    assertInstanceOf(Granted.class, rig.ask());
    rig.failures(1);
    Refused refused = rig.refused();
    assertEquals(Reason.BREAKER_OPEN, refused.reason());
    assertEquals(Duration.ofSeconds(5), refused.retryAfter());
    assertEquals("its breaker is open: 3 failures in a row", refused.detail());
    assertEquals("b", refused.alternative());
    assertEquals(List.of(new BreakerEvent.Opened("a", "3 failures in a row")), rig.events);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5, OPEN", // half of ten
    "6, 4, CLOSED",
    "4, 5, CLOSED", // too few calls
    "50, 50, OPEN",
  })
  void aShareOfFailuresOpensIt(int good, int bad, BreakerState state) {
    Rig rig = new Rig("name: a", "breaker: {consecutive: 0}");
    rig.successes(good).failures(bad);
    assertEquals(state, rig.service().breaker().state());
  }

  /** A success among them does not hide it, which is what a counter of failures would say. */
  @Test
  void threeOfFourFailingOpensItWithASuccessBetweenThem() {
    Rig rig = new Rig("name: a");
    rig.successes(1).failures(3).successes(1).failures(3).successes(1).failures(1);
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
  }

  @Test
  void slowCallsOpenItThoughTheySucceed() {
    Rig rig = new Rig("name: a", "breaker: {slow_call: 2s}");
    for (int i = 0; i < 10; i++) {
      Duration took = Duration.ofMillis(i < 2 ? 1_999 : 2_000);
      rig.report(new Report(rig.permit(), CallOutcome.SUCCESS, took, OptionalLong.empty(), null));
    }
    assertEquals("8 of 10 calls within 1m took 2s or longer", rig.service().breaker().reason());
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    Rig rig = new Rig("name: a", "breaker: {window: 12s, consecutive: 5}");
    rig.failures(4).pass(Duration.ofSeconds(13)).failures(4);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertEquals(4, rig.service().rates().calls());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(0, rig.service().rates().calls());
    assertNull(rig.service().rates().failureRate());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 409, 413, 422, 501})
  void theCallersOwnMistakesAreNeutral(int status) {
    Rig rig = new Rig("name: a");
    for (int i = 0; i < 20; i++) {
      assertEquals(uncounted(Uncounted.NEUTRAL), rig.fail(rig.permit(), status, null));
    }
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertEquals(20, rig.service().counts().neutral());
    assertEquals(0, rig.service().rates().calls());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504, 507, 529})
  void whatTheProviderLacksCounts(int status) {
    Rig rig = new Rig("name: a");
    for (int i = 0; i < 5; i++) {
      assertEquals(COUNTED, rig.fail(rig.permit(), status, null));
    }
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
  }

  @Test
  void itLooksWithThreeCallsAndTwoGoodOnesCloseIt() {
    Rig rig = new Rig("name: a").failures(5).pass(Duration.ofSeconds(5));
    List<String> probes = List.of(rig.permit(), rig.permit(), rig.permit());
    assertEquals(Reason.BREAKER_OPEN, rig.refused().reason());
    assertEquals(COUNTED, rig.report(probes.get(0), CallOutcome.SUCCESS));
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
    assertEquals(COUNTED, rig.report(probes.get(1), CallOutcome.SUCCESS));
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertEquals(uncounted(Uncounted.OTHER_EPOCH), rig.report(probes.get(2), CallOutcome.FAILURE));
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertEquals(List.of("breaker.opened", "breaker.half_opened", "breaker.closed"), rig.types());
  }

  @Test
  void aBadProbeOpensItForTwiceAsLongUpToTheMost() {
    Rig rig = new Rig("name: a", "breaker: {open_for: 5s..1m}").failures(5);
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      rig.pass(Duration.ofSeconds(seconds).minusMillis(1));
      assertEquals(Reason.BREAKER_OPEN, rig.refused().reason(), seconds + "s");
      rig.pass(Duration.ofMillis(1)).failures(1);
      assertEquals(BreakerState.OPEN, rig.service().breaker().state());
    }
  }

  @Test
  void aServiceThatAsksToBeLeftAloneIs() {
    Rig rig = new Rig("name: a");
    rig.failures(4);
    rig.fail(rig.permit(), 503, Duration.ofMinutes(20));
    assertEquals(Duration.ofMinutes(20), rig.refused().retryAfter());
    rig.pass(Duration.ofMinutes(19));
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
  }

  /** One answer is enough for everybody on the host, and is no reason to call it broken. */
  @Test
  void oneThatIsOverItsLimitIsLeftAloneWhileClosed() {
    Rig rig = new Rig("name: a");
    rig.fail(rig.permit(), 429, Duration.ofSeconds(20));
    Refused refused = rig.refused();
    assertEquals(Reason.RATE_LIMITED, refused.reason());
    assertEquals(Duration.ofSeconds(20), refused.retryAfter());
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    rig.pass(Duration.ofSeconds(20));
    assertInstanceOf(Granted.class, rig.ask());
  }

  @Test
  void halfOpenDoesNotJamWhenNobodyReports() {
    Rig rig = new Rig("name: a", "limits: {permit_expiry: 10s}").failures(5);
    rig.pass(Duration.ofSeconds(5));
    rig.permit();
    rig.permit();
    rig.permit();
    rig.pass(Duration.ofSeconds(10));
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
    assertEquals("probes were not reported", rig.service().breaker().reason());
    assertEquals(3, rig.service().counts().lost());
    rig.pass(Duration.ofSeconds(10)).successes(2);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
  }

  @Test
  void probesThatTellNothingFreeTheirPlace() {
    Rig rig = new Rig("name: a").failures(5).pass(Duration.ofSeconds(5));
    for (int i = 0; i < 50; i++) {
      rig.report(rig.permit(), CallOutcome.IGNORED);
      rig.fail(rig.permit(), 404, null);
    }
    rig.successes(2);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
  }

  @Test
  void reportsComeOnceAndLateOnesDoNotCount() {
    Rig rig = new Rig("name: a", "limits: {permit_expiry: 10s}");
    String first = rig.permit();
    assertEquals(COUNTED, rig.report(first, CallOutcome.FAILURE));
    assertEquals(uncounted(Uncounted.ALREADY_REPORTED), rig.report(first, CallOutcome.FAILURE));
    assertEquals(1, rig.service().rates().failures());
    String second = rig.permit();
    rig.pass(Duration.ofSeconds(10));
    assertEquals(uncounted(Uncounted.LAPSED), rig.report(second, CallOutcome.SUCCESS));
    assertEquals(uncounted(Uncounted.ALREADY_REPORTED), rig.report(second, CallOutcome.SUCCESS));
    assertEquals(1, rig.service().counts().lost());
    assertEquals(1, rig.service().counts().late());
    String third = rig.permit();
    rig.restart();
    assertEquals(uncounted(Uncounted.EARLIER_RUN), rig.report(third, CallOutcome.SUCCESS));
  }

  @Test
  void aPermitThatIsNoneIsUnknown() {
    Rig rig = new Rig("name: a");
    String real = rig.permit();
    for (String permit :
        List.of(
            "",
            "x",
            real + "0",
            real.toUpperCase(Locale.ROOT).replace('0', 'Z'),
            real.substring(0, 8) + "00000007" + real.substring(16),
            real.substring(0, 8) + "ffffffff" + real.substring(16),
            real.substring(0, 16) + "ffffffffffffffff",
            real.substring(0, 16) + "7fffffffffffffff",
            real.substring(0, 16) + "0000000000000000")) {
      assertEquals(
          uncounted(Uncounted.UNKNOWN_PERMIT), rig.report(permit, CallOutcome.FAILURE), permit);
    }
    assertEquals(COUNTED, rig.report(real, CallOutcome.SUCCESS));
  }

  @Test
  void anUnknownServiceIsToldWithNamesThatAreLikeIt() {
    Rig rig = new Rig("name: openai", "name: anthropic");
    assertEquals(new Unknown("opneai", List.of("openai")), rig.ask("opneai", 0, 0, false));
    assertEquals(
        new Unknown("x".repeat(100_000), List.of()), rig.ask("x".repeat(100_000), 0, 0, false));
  }

  @Test
  void aDryRunTakesNothing() {
    Rig rig = new Rig("name: a", "limits: {rate: 1/min, concurrent: 1}", "budget: {amount: 1}");
    AskPermit dry = new AskPermit("a", 1_000_000, 0, true, false);
    for (int i = 0; i < 5; i++) {
      Granted granted = assertInstanceOf(Granted.class, rig.guard.ask(dry, rig.now()));
      assertNull(granted.permit());
    }
    rig.permit(1_000_000);
    assertInstanceOf(Refused.class, rig.guard.ask(dry, rig.now()));
    assertEquals(0, rig.service().counts().refused().size());
    assertEquals(List.of("budget.warned"), rig.types());
  }

  @Test
  void aRefusalTakesNoProbe() {
    Rig rig = new Rig("name: a", "limits: {concurrent: 1}").failures(5).pass(Duration.ofSeconds(5));
    String probe = rig.permit();
    for (int i = 0; i < 10; i++) {
      assertEquals(Reason.BULKHEAD_FULL, rig.refused().reason());
    }
    rig.report(probe, CallOutcome.SUCCESS);
    rig.successes(1);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
  }

  @Test
  void aPersonsHandHoldsUntilItsEnd() {
    Rig rig = new Rig("name: a");
    assertEquals(Outcome.DONE, rig.force(Hand.FORCED_OPEN, Duration.ofMinutes(10)).outcome());
    assertEquals("its breaker was opened by anna: because", rig.refused().detail());
    assertEquals(Duration.ofMinutes(10), rig.refused().retryAfter());
    rig.pass(Duration.ofMinutes(10));
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
    rig.force(Hand.FORCED_CLOSED, null);
    rig.failures(20);
    assertEquals(BreakerState.FORCED_CLOSED, rig.service().breaker().state());
    assertEquals(20, rig.service().rates().failures());
    assertEquals(Outcome.DONE, rig.force(Hand.AUTOMATIC, null).outcome());
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertEquals(Outcome.ALREADY_DONE, rig.force(Hand.AUTOMATIC, null).outcome());
    rig.force(Hand.DISABLED, null);
    rig.failures(20);
    assertEquals(0, rig.service().rates().calls());
    rig.force(Hand.RESET, null);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertNull(rig.service().breaker().author());
  }

  @Test
  void aHandThatEndsBeforeItBeginsIsRefused() {
    Rig rig = new Rig("name: a");
    assertEquals(Outcome.REFUSED, rig.force(Hand.FORCED_OPEN, Duration.ofSeconds(-1)).outcome());
    assertEquals(Outcome.REFUSED, rig.force(Hand.RESET, Duration.ofSeconds(10)).outcome());
    assertEquals(List.of(), rig.events);
  }

  @Test
  void aClockThatJumpsOpensAndClosesNothing() {
    Rig rig = new Rig("name: a").failures(5);
    rig.wall += Duration.ofDays(300).toMillis();
    rig.guard.tick(rig.now());
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
    rig.wall -= Duration.ofDays(600).toMillis();
    rig.pass(Duration.ofSeconds(5));
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
    rig.force(Hand.FORCED_OPEN, Duration.ofHours(1));
    rig.wall += Duration.ofDays(300).toMillis();
    rig.pass(Duration.ofMinutes(59));
    assertEquals(BreakerState.FORCED_OPEN, rig.service().breaker().state());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
  }

  @Test
  void retriesStopWhenMostCallsFailAndFirstTriesDoNot() {
    Rig rig = new Rig("name: a", "breaker: {consecutive: 0, minimum_calls: 1000}");
    assertInstanceOf(Granted.class, rig.ask("a", 0, 0, true));
    rig.failures(5);
    Refused refused = assertInstanceOf(Refused.class, rig.ask("a", 0, 0, true));
    assertEquals(Reason.RETRY_BUDGET_EXHAUSTED, refused.reason());
    assertInstanceOf(Granted.class, rig.ask());
    assertFalse(rig.service().retryBudget().retries());
    rig.successes(1);
    assertTrue(rig.service().retryBudget().retries());
    assertInstanceOf(Granted.class, rig.ask("a", 0, 0, true));
  }

  @Test
  void durationsAreKeptAsPercentiles() {
    Rig rig = new Rig("name: a");
    assertNull(rig.service().durations());
    for (int i = 1; i <= 100; i++) {
      rig.report(
          new Report(
              rig.permit(), CallOutcome.SUCCESS, Duration.ofMillis(i), OptionalLong.empty(), null));
    }
    assertEquals(100, rig.service().durations().count());
    assertEquals(50, (double) rig.service().durations().p50().toMillis(), 1.0);
    assertEquals(99, (double) rig.service().durations().p99().toMillis(), 1.0);
    rig.pass(Duration.ofMinutes(11));
    assertNull(rig.service().durations());
  }
}
