package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.Presence;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three seconds to count, two to be gone; one letter a second. */
class ConditionTest {
  private static final Duration LASTING = Duration.ofSeconds(3);
  private static final Duration CLEAR = Duration.ofSeconds(2);

  private static Presence presence(char letter) {
    return switch (letter) {
      case 'P' -> Presence.PRESENT;
      case 'A' -> Presence.ABSENT;
      case 'B' -> Presence.BETWEEN;
      case 'U' -> Presence.UNKNOWN;
      default -> throw new IllegalArgumentException(String.valueOf(letter));
    };
  }

  @ParameterizedTest
  @CsvSource({
    // It counts when it has held for three seconds: at the fourth reading.
    "PPPPP, ---SS",
    "PPP, ---",
    // A break begins anew.
    "PPPAPPPP, -------S",
    "PPPBPPPP, -------S",
    "APPPP, ----S",
    "AUPPPP, -----S",
    // While there is no data no time counts, and what was counted stays.
    "PPUUUUPPP, --------S",
    "PPPUPP, -----S",
    "UUUU, ----",
    "PUPUPUPUPUPU, ------------",
    // It is over when it was gone for two seconds.
    "PPPPAAAA, ---SSS--",
    "PPPPAPAAA, ---SSSSS-",
    "PPPPABAAA, ---SSSSS-",
    "PPPPAUUAAA, ---SSSSSS-",
    // Between the thresholds it is as it was.
    "PPPPBBBBBB, ---SSSSSSS",
    "BBBBBB, ------",
    "PPPPUUUUUU, ---SSSSSSS",
    "AAAAAA, ------",
  })
  void timeIsCounted(String readings, String seen) {
    Condition now = Condition.NEW;
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < readings.length(); i++) {
      now = now.next(presence(readings.charAt(i)), i * 1_000_000_000L, LASTING, CLEAR);
      said.append(now.seen() ? 'S' : '-');
    }
    assertEquals(seen, said.toString());
  }

  @Test
  void withoutATimeItCountsAtOnce() {
    Condition seen = Condition.NEW.next(Presence.PRESENT, 5, Duration.ZERO, Duration.ZERO);
    assertEquals(true, seen.seen());
    assertEquals(false, seen.next(Presence.ABSENT, 6, Duration.ZERO, Duration.ZERO).seen());
  }

  /** Whether the clock goes on meanwhile: an agent that stood still has watched nothing. */
  @Test
  void timeThatWasNotWatchedDoesNotCount() {
    Condition once = Condition.NEW.next(Presence.PRESENT, 0, LASTING, CLEAR);
    long later = Duration.ofHours(1).toNanos();
    assertEquals(true, once.next(Presence.PRESENT, later, LASTING, CLEAR).seen());
    assertEquals(false, once.unwatched().next(Presence.PRESENT, later, LASTING, CLEAR).seen());
  }
}
