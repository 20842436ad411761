package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockLogTest {
  private static final Instant NOON = Guarded.NOON.wall();

  /** So many seconds after the first moment, with a clock that goes so much ahead. */
  private static Moment at(long seconds, long ahead) {
    return new Moment(NOON.plusSeconds(seconds + ahead), Duration.ofSeconds(seconds).toNanos());
  }

  private static long age(ClockLog log, Instant then, Moment now) {
    return now.since(log.recalled(then, now)).toSeconds();
  }

  @ParameterizedTest
  @CsvSource({
    // the clock was set by so much while the agent was away: the age of what is 100 s old
    "0, 99",
    "3600, 99",
    "-3600, 99",
    "-50, 99",
    "86400000, 99"
  })
  void theAgeOfWhatIsStoredIsToldHoweverTheClockWasSet(long set, long age) {
    ClockLog log = ClockLog.NONE.seen("a", at(1000, 0));
    Instant then = at(1000, 0).wall();
    Moment now = at(1100, set);
    assertEquals(age, age(log.seen("a", now), then, now));
  }

  @Test
  void whatWasTwiceIsTakenForTheYounger() {
    ClockLog log = ClockLog.NONE.seen("a", at(0, 0)).seen("a", at(100, -60));
    Moment now = at(200, -60);
    assertEquals(49, age(log, NOON.plusSeconds(90), now), "at 90 and again at 150");
  }

  @Test
  void onlyASettingIsNoted() {
    ClockLog log = ClockLog.NONE.seen("a", at(0, 0));
    assertSame(log, log.seen("a", at(500, 0)));
    assertEquals(2, log.seen("a", at(500, 2)).settings().size());
    for (int i = 0; i < 300; i++) {
      log = log.seen("a", at(i, 2L * i));
    }
    assertEquals(100, log.settings().size());
  }

  @Test
  void ofAnotherStartOfTheMachineNothingIsKnown() {
    ClockLog log = ClockLog.NONE.seen("a", at(1000, 0)).seen("b", at(10, 990));
    assertEquals(1, log.settings().size());
    assertEquals(9, age(log, at(1000, 0).wall(), at(20, 990)), "by the time of day");
    assertEquals(ClockLog.NONE, log.seen("", at(20, 990)));
    assertEquals(10, age(ClockLog.NONE, at(1000, 0).wall(), at(20, 990)));
  }

  @Test
  void itIsReadAsFarBackAsTheClockWasEverSet() {
    ClockLog log = ClockLog.NONE.seen("a", at(0, 0)).seen("a", at(100, 3600));
    Instant since = log.reaching(Duration.ofSeconds(50), at(100, 3600));
    assertTrue(since.isBefore(NOON.plusSeconds(50)), since.toString());
  }

  @Test
  void itIsKeptAsItIs() throws IOException {
    ClockLog log = ClockLog.NONE.seen("a", at(0, 0)).seen("a", at(100, 3600));
    assertEquals(log, ClockKeeper.read(Json.text(log)));
    assertEquals(ClockLog.NONE, ClockKeeper.read(null));
    assertEquals(ClockLog.NONE, ClockKeeper.read("[]"));
    assertEquals(List.of(), ClockLog.NONE.settings());
  }
}
