package io.selfheal.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  private static Window window(String cron, Duration lasts, String zone) {
    return new Window(Cron.parse(cron), lasts, ZoneId.of(zone));
  }

  @ParameterizedTest
  @CsvSource({
    // Sundays from 02:00 to 04:00 in Berlin, winter: one hour ahead of UTC.
    "2026-01-04T00:59:59.999Z, ",
    "2026-01-04T01:00:00Z, 2026-01-04T01:00:00Z",
    "2026-01-04T02:59:59.999Z, 2026-01-04T01:00:00Z",
    "2026-01-04T03:00:00Z, ",
    "2026-01-05T01:30:00Z, ",
    // Summer: two hours ahead.
    "2026-07-05T00:00:00Z, 2026-07-05T00:00:00Z",
    "2026-07-05T02:00:00Z, ",
    // 29 March 2026: at 02:00 the clocks jump to 03:00, which is 01:00 UTC. It begins then, and
    // lasts two hours.
    "2026-03-29T00:59:59Z, ",
    "2026-03-29T01:00:00Z, 2026-03-29T01:00:00Z",
    "2026-03-29T02:59:59Z, 2026-03-29T01:00:00Z",
    "2026-03-29T03:00:00Z, ",
    // 25 October 2026: 02:00 comes twice, at 00:00 and at 01:00 UTC.
    "2026-10-24T23:59:59Z, ",
    "2026-10-25T00:00:00Z, 2026-10-25T00:00:00Z",
    "2026-10-25T01:59:59Z, 2026-10-25T00:00:00Z",
    "2026-10-25T02:00:00Z, 2026-10-25T01:00:00Z",
    "2026-10-25T02:59:59Z, 2026-10-25T01:00:00Z",
    "2026-10-25T03:00:00Z, "
  })
  void opensAtItsLocalTimeAndLastsAsLongAsItSays(Instant now, Instant begun) {
    Window window = window("0 2 * * sun", Duration.ofHours(2), "Europe/Berlin");
    assertEquals(Optional.ofNullable(begun), window.begun(now));
  }

  @Test
  void oneThatBeginsBeforeAChangeIsNotCutShortByIt() {
    Window window = window("30 1 * * *", Duration.ofHours(3), "Europe/Berlin");
    Instant begin = Instant.parse("2026-03-29T00:30:00Z");
    assertEquals(Optional.of(begin), window.begun(begin.plus(Duration.ofMinutes(179))));
    assertEquals(Optional.empty(), window.begun(begin.plus(Duration.ofHours(3))));
  }

  @Test
  void aDayThatIsSkippedAltogetherBeginsWithTheNext() {
    // Samoa went from the 29th to the 31st of December 2011.
    Window window = window("0 12 30 dec *", Duration.ofHours(1), "Pacific/Apia");
    Instant jump = Instant.parse("2011-12-30T10:00:00Z");
    assertEquals(Optional.empty(), window.begun(jump.minusMillis(1)));
    assertEquals(Optional.of(jump), window.begun(jump));
    assertEquals(Optional.empty(), window.begun(jump.plus(Duration.ofHours(1))));
  }

  @Test
  void bothDaysCountAsInCrontab() {
    Window window = window("0 0 13 * fri", Duration.ofHours(24), "UTC");
    List<Integer> open =
        IntStream.rangeClosed(1, 31)
            .filter(
                day ->
                    window
                        .begun(Instant.parse("2026-12-%02dT12:00:00Z".formatted(day)))
                        .isPresent())
            .boxed()
            .toList();
    assertEquals(List.of(4, 11, 13, 18, 25), open);
  }

  @Test
  void neverIsNoTime() {
    assertThrows(IllegalArgumentException.class, () -> Cron.parse("0 0 31 6 *"));
  }
}
