package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.WorkerEvent.Unwell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class ConditionTest {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(3), Optional.of(Duration.ofSeconds(40)));

  /** One process, looked at once a second. */
  private static final class Life {
    Attention attention = Attention.from(0);
    Condition condition = Condition.fresh(Duration.ZERO);
    final List<String> changes = new ArrayList<>();

    Life look(String states) {
      states.chars().forEach(state -> look((char) state, 1));
      return this;
    }

    Life look(char state, int seconds) {
      attention =
          attention.tick(attention.mark() + seconds * 1_000_000_000L, Duration.ofSeconds(1));
      note(condition.look(state, attention, PATIENCE));
      return this;
    }

    Life heard() {
      note(condition.heard(attention.attended()));
      return this;
    }

    private void note(Condition.Step step) {
      condition = step.next();
      step.change()
          .ifPresent(
              change ->
                  changes.add(
                      change instanceof Condition.Change.Worse worse
                          ? worse.reason().name()
                          : "BETTER"));
    }
  }

  @Test
  void frozenAfterThreeSecondsAndBetterAtOnce() {
    assertEquals(List.of(), new Life().look("STTT").changes);
    assertEquals(List.of("FROZEN"), new Life().look("STTTTTT").changes);
    assertEquals(List.of("FROZEN", "BETTER"), new Life().look("STTTTSS").changes);
    assertEquals(List.of(), new Life().look("TTSTTSTTS").changes);
  }

  @Test
  void aDebuggerIsNoFreezing() {
    assertEquals(List.of(), new Life().look("t".repeat(100)).look("SS").changes);
  }

  @Test
  void silentOnceUntilItIsHeard() {
    assertEquals(List.of(), new Life().look("S".repeat(40)).changes);
    assertEquals(List.of("SILENT"), new Life().look("S".repeat(90)).changes);
    assertEquals(
        List.of("SILENT", "BETTER"), new Life().look("S".repeat(41)).heard().look("SS").changes);
  }

  @Test
  void silenceOfAFrozenProcessCountsFromItsThaw() {
    assertEquals(
        List.of("FROZEN", "BETTER"), new Life().look("T".repeat(100)).look("S".repeat(40)).changes);
  }

  @Test
  void aStarvedAgentDoesNotCallItsWorkersSilent() {
    Life life = new Life().look("S".repeat(35));
    life.look('S', 3600);
    assertTrue(life.attention.late());
    assertEquals(List.of(), life.changes);
    assertEquals(List.of("SILENT"), life.look("S".repeat(10)).changes);
  }

  @Property
  void itIsBetterOnlyAfterItWasWorse(@ForAll List<Boolean> stopped) {
    Life life = new Life();
    stopped.forEach(one -> life.look(one ? "T" : "S"));
    int open = 0;
    for (String change : life.changes) {
      open += "BETTER".equals(change) ? -1 : 1;
      assertTrue(open == 0 || open == 1, life.changes.toString());
    }
    assertFalse(life.condition.told().contains(Unwell.SILENT) && stopped.size() < 40);
  }
}
