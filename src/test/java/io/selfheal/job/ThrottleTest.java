package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final Duration TOOK = Duration.ofMillis(40);
  private static final Duration SHORT = Duration.ofMillis(1);

  @Test
  void beginsGently() {
    assertEquals(1, Throttle.UNKNOWN.streams());
    assertEquals(TOOK.multipliedBy(8), Throttle.UNKNOWN.rest(TOOK));
  }

  @Test
  void aQuietDatabaseIsUsedFully() {
    Throttle quiet = Throttle.UNKNOWN.seen(false);
    assertEquals(2, quiet.streams());
    assertEquals(Duration.ZERO, quiet.rest(TOOK));
    assertEquals(quiet, quiet.seen(false));
  }

  @Test
  void whenOthersWriteItTakesANinthOfTheTimeOfOneStreamUntilSeveralLooksSawNobody() {
    Throttle throttle = Throttle.UNKNOWN.seen(false).seen(true);
    for (int look = 0; look < Throttle.ENOUGH; look++) {
      assertEquals(1, throttle.streams());
      assertEquals(TOOK.multipliedBy(8), throttle.rest(TOOK));
      throttle = throttle.seen(false);
    }
    assertEquals(2, throttle.streams());
  }

  @Test
  void whatWasSeenLongAgoIsLookedAtAgain() {
    Throttle quiet = Throttle.UNKNOWN.seen(false);
    assertEquals(1, quiet.unsure().streams());
    assertEquals(quiet, quiet.unsure().seen(false));
    assertEquals(1, quiet.unsure().seen(true).seen(false).streams());
    Throttle busy = quiet.seen(true).seen(false);
    assertEquals(busy, busy.unsure());
  }

  @Test
  void partsAreSmallWhileOthersWriteAndHalvesOtherwise() {
    assertEquals(Throttle.SMALLEST, Throttle.UNKNOWN.part(1000));
    Throttle quiet = Throttle.UNKNOWN.seen(false);
    assertEquals(500, quiet.part(1000));
    assertEquals(Throttle.SMALLEST, quiet.part(120));
  }

  @Test
  void partsThatTakeLongAreHalvedWhileOthersWriteAndGrowAgainWhenTheyAreShort() {
    Throttle quick = Throttle.UNKNOWN.went(100, SHORT).went(200, SHORT);
    assertEquals(250, quick.part(1000));
    Throttle slow = quick.went(250, TOOK);
    assertEquals(125, slow.part(1000));
    assertEquals(125, slow.went(125, Duration.ofMillis(20)).part(1000));
    assertEquals(125, slow.went(60, SHORT).part(1000), "a rest tells little");
    assertEquals(250, slow.went(125, Duration.ofMillis(8)).part(1000));
    assertEquals(250, slow.seen(true).went(125, SHORT).went(250, SHORT).part(1000));
    assertEquals(500, slow.seen(false).part(1000), "nobody else writes");
  }

  @Test
  void partsAreNeverSoSmallThatTheyAreNotWorthIt() {
    Throttle slow = Throttle.UNKNOWN;
    for (int i = 0; i < 10; i++) {
      int part = slow.part(1000);
      slow = slow.went(part, Duration.ofSeconds(1));
    }
    assertEquals(30, slow.part(1000));
  }

  @Test
  void noRestIsLongerThanASecond() {
    assertEquals(Duration.ofSeconds(1), Throttle.UNKNOWN.rest(Duration.ofSeconds(9)));
  }
}
