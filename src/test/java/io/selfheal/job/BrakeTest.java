package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrakeTest {
  private static final Brake RELEASED = Brake.released(Duration.ofMinutes(30));

  @Test
  void withoutTroubleNothingIsHeld() {
    assertTrue(RELEASED.guesses(seconds(7)).isEmpty());
    assertTrue(RELEASED.proofs().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void everyTroubleHoldsGuessesUntilItHasBeenQuiet(Trouble trouble) {
    Brake seen = RELEASED.seen(trouble, "because", 0);
    assertEquals("because", seen.guesses(seconds(300)).orElseThrow());
    Brake over = seen.gone(trouble, seconds(2));
    long rest = trouble.rest().toSeconds();
    assertEquals(
        "because; it must be quiet for " + Ages.text(trouble.rest()),
        over.guesses(seconds(rest - 1)).orElseThrow());
    assertTrue(over.guesses(seconds(rest)).isEmpty());
  }

  @Test
  void aTroubleThatComesBackBeginsItsRestAnew() {
    Brake again =
        RELEASED
            .seen(Trouble.SLOW, "first", 0)
            .gone(Trouble.SLOW, seconds(2))
            .seen(Trouble.SLOW, "again", seconds(20))
            .gone(Trouble.SLOW, seconds(22));
    assertTrue(again.guesses(seconds(49)).isPresent());
    assertTrue(again.guesses(seconds(50)).isEmpty());
  }

  @Test
  void onlyASuspensionHoldsProofsAndOnlyUntilALookInTime() {
    Brake suspended = RELEASED.seen(Trouble.STARVED, "late", 0);
    assertTrue(suspended.proofs().orElseThrow().startsWith("late; a look"));
    Brake back = suspended.gone(Trouble.STARVED, seconds(2));
    assertTrue(back.proofs().isEmpty());
    assertTrue(back.guesses(seconds(2)).isPresent());
    for (Trouble other : Trouble.values()) {
      boolean held = RELEASED.seen(other, "because", 0).proofs().isPresent();
      assertEquals(other == Trouble.STARVED, held, other.name());
    }
  }

  @Test
  void aStormThatDoesNotEndIsBelieved() {
    Brake storm = RELEASED;
    for (long minute = 0; minute < 30; minute++) {
      storm = storm.seen(Trouble.STORM, "six", seconds(60 * minute));
      assertTrue(storm.guesses(seconds(60 * minute)).isPresent());
    }
    storm = storm.seen(Trouble.STORM, "six", seconds(1800));
    assertTrue(storm.guesses(seconds(1800)).isEmpty());
    Brake over = storm.gone(Trouble.STORM, seconds(1801));
    assertTrue(over.guesses(seconds(1801)).isEmpty(), "what was believed needs no rest");
    Brake next = over.seen(Trouble.STORM, "seven", seconds(1802));
    assertTrue(next.guesses(seconds(1802)).isPresent(), "another storm is another doubt");
  }

  @Test
  void aStormThatPausesShortlyIsTheSame() {
    Brake storm =
        RELEASED
            .seen(Trouble.STORM, "six", 0)
            .gone(Trouble.STORM, seconds(10))
            .seen(Trouble.STORM, "six", seconds(20));
    assertTrue(storm.guesses(seconds(1799)).isPresent());
    assertTrue(storm.guesses(seconds(1800)).isEmpty());
  }

  @Test
  void aSlowDatabaseIsNeverOutlived() {
    Brake slow = RELEASED.seen(Trouble.SLOW, "slow", 0);
    assertTrue(slow.guesses(seconds(86_400)).isPresent());
    assertFalse(Trouble.SLOW.outlived());
  }

  private static long seconds(long count) {
    return Duration.ofSeconds(count).toNanos();
  }
}
