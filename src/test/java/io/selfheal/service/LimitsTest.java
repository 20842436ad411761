package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.selfheal.message.LimitEvent;
import io.selfheal.message.LimitEvent.Limit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void soManyCallsAtOnceAndAsManyAgainOverTheTime() {
    Rig rig = new Rig("name: a", "limits: {rate: 60/min}");
    rig.successes(60);
    Refused refused = rig.refused();
    assertEquals(Reason.RATE_LIMITED, refused.reason());
    assertEquals(Duration.ofSeconds(1), refused.retryAfter());
    assertEquals("60 in 1m calls are used", refused.detail());
    rig.pass(Duration.ofMillis(999));
    assertEquals(Duration.ofMillis(1), rig.refused().retryAfter());
    rig.pass(Duration.ofMillis(1)).successes(1);
    rig.refused();
    rig.pass(Duration.ofHours(1)).successes(60);
    rig.refused();
  }

  @Test
  void whatIsFreeIsSaid() {
    Rig rig = new Rig("name: a", "limits: {rate: 60/min, tokens: 1000/min, concurrent: 3}");
    rig.ask("a", 0, 400, false);
    assertEquals(59, rig.service().limits().rate().free());
    assertEquals(600, rig.service().limits().tokens().free());
    assertEquals(1, rig.service().limits().open());
    rig.pass(Duration.ofSeconds(12));
    assertEquals(60, rig.service().limits().rate().free());
    assertEquals(800, rig.service().limits().tokens().free());
  }

  @Test
  void tokensAreASecondUnit() {
    Rig rig = new Rig("name: a", "limits: {tokens: 1000/min}");
    assertInstanceOf(Granted.class, rig.ask("a", 0, 900, false));
    Refused refused = assertInstanceOf(Refused.class, rig.ask("a", 0, 200, false));
    assertEquals(Duration.ofSeconds(6), refused.retryAfter());
    assertInstanceOf(Granted.class, rig.ask("a", 0, 100, false));
    assertInstanceOf(Granted.class, rig.ask("a", 0, 0, false));
  }

  /** Otherwise it never could be made. It is paid off afterwards. */
  @Test
  void oneCallOfMoreThanThereEverIsPassesWhenNothingIsUsed() {
    Rig rig = new Rig("name: a", "limits: {tokens: 1000/min}");
    assertInstanceOf(Granted.class, rig.ask("a", 0, 3_000, false));
    rig.pass(Duration.ofMinutes(2));
    Refused refused = assertInstanceOf(Refused.class, rig.ask("a", 0, 1_000, false));
    assertEquals(Duration.ofMinutes(1), refused.retryAfter());
  }

  @Test
  void soManyCallsAtTheSameTime() {
    Rig rig = new Rig("name: a", "limits: {concurrent: 2, permit_expiry: 30s}");
    String first = rig.permit();
    rig.permit();
    assertEquals(Reason.BULKHEAD_FULL, rig.refused().reason());
    rig.report(first, CallOutcome.IGNORED);
    rig.permit();
    rig.refused();
    rig.pass(Duration.ofSeconds(30));
    assertEquals(0, rig.service().limits().open());
    rig.permit();
    rig.permit();
    rig.refused();
  }

  @Test
  void aThousandRefusalsAreOnePieceOfNewsAMinute() {
    Rig rig = new Rig("name: a", "limits: {concurrent: 1, permit_expiry: 1h}");
    rig.permit();
    for (int i = 0; i < 1_000; i++) {
      rig.refused();
    }
    rig.pass(Duration.ofMinutes(1));
    rig.refused();
    assertEquals(
        List.of(
            new LimitEvent.Reached("a", Limit.CONCURRENT, 1, Duration.ofSeconds(1)),
            new LimitEvent.Reached("a", Limit.CONCURRENT, 1_000, Duration.ofSeconds(1))),
        rig.events);
    assertEquals(1_001, rig.service().counts().refused().get(Reason.BULKHEAD_FULL));
  }

  /** A refusal of one limit does not use up another. */
  @Test
  void aRefusalTakesNothing() {
    Rig rig = new Rig("name: a", "limits: {rate: 10/min, tokens: 10/min, concurrent: 1}");
    String open = rig.permit();
    for (int i = 0; i < 100; i++) {
      rig.refused();
      rig.ask("a", 0, 11, false);
    }
    assertEquals(9, rig.service().limits().rate().free());
    assertEquals(10, rig.service().limits().tokens().free());
    rig.report(open, CallOutcome.SUCCESS);
    rig.successes(9);
  }
}
