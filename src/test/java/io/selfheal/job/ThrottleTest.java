package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final Duration TOOK = Duration.ofMillis(40);

  @Test
  void beginsGently() {
    assertEquals(1, Throttle.UNKNOWN.streams());
    assertEquals(TOOK.multipliedBy(4), Throttle.UNKNOWN.rest(TOOK));
  }

  @Test
  void aQuietDatabaseIsUsedFully() {
    Throttle quiet = Throttle.UNKNOWN.seen(false);
    assertEquals(2, quiet.streams());
    assertEquals(Duration.ZERO, quiet.rest(TOOK));
    assertEquals(quiet, quiet.seen(false));
  }

  @Test
  void whenOthersWriteItTakesAQuarterOfTheTimeOfOneStreamUntilSeveralLooksSawNobody() {
    Throttle throttle = Throttle.UNKNOWN.seen(false).seen(true);
    for (int look = 0; look < Throttle.ENOUGH; look++) {
      assertEquals(1, throttle.streams());
      assertEquals(TOOK.multipliedBy(4), throttle.rest(TOOK));
      throttle = throttle.seen(false);
    }
    assertEquals(2, throttle.streams());
  }

  @Test
  void partsAreSmallWhileOthersWriteAndHalvesOtherwise() {
    assertEquals(250, Throttle.UNKNOWN.part(1000));
    Throttle quiet = Throttle.UNKNOWN.seen(false);
    assertEquals(500, quiet.part(1000));
    assertEquals(Throttle.SMALLEST, quiet.part(120));
  }

  @Test
  void noRestIsLongerThanASecond() {
    assertEquals(Duration.ofSeconds(1), Throttle.UNKNOWN.rest(Duration.ofSeconds(9)));
  }
}
