package io.selfheal.heal;

import static io.selfheal.heal.Patience.FEW;
import static io.selfheal.heal.Patience.MANY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
  private static final Unswept OWN_AWAY = new Unswept(true, Hindrance.AWAY);
  private static final Unswept OWN_UNFIT = new Unswept(true, Hindrance.UNFIT);
  private static final Unswept ANYBODYS_AWAY = new Unswept(false, Hindrance.AWAY);
  private static final Unswept ANYBODYS_UNFIT = new Unswept(false, Hindrance.UNFIT);

  private static Swept swept(Map<String, Unswept> unswept) {
    Map<String, String> problems =
        unswept.keySet().stream()
            .collect(java.util.stream.Collectors.toMap(name -> name, name -> "why " + name));
    return new Swept(false, 1, 3, 0, List.of(), 0, problems, unswept);
  }

  /** Up to how many tries it waits, and what comes then; whatever it is, it comes. */
  @ParameterizedTest
  @CsvSource({
    "true,  AWAY,  720, Spent",
    "true,  UNFIT, 10,  Spent",
    "true,  HELD,  720, Spent",
    "true,  GONE,  0,   Spent",
    "false, AWAY,  10,  Over",
    "false, UNFIT, 0,   Over",
    "false, HELD,  720, Spent",
    "true,  REFUSED, 10, Spent",
    "false, REFUSED, 10, Over",
    "false, GONE,  0,   Spent",
    "true,  LOCKED, 720, Spent",
    "false, LOCKED, 720, Spent"
  })
  void waitsForEachAsLongAsItMayHelp(boolean bound, Hindrance hindrance, int most, String then) {
    Swept swept = swept(Map.of("mails", new Unswept(bound, hindrance)));
    for (int tries = 0; tries < most; tries++) {
      boolean soon = hindrance == Hindrance.LOCKED;
      assertEquals(new Patience.Waits("mails: why mails", soon), Patience.of(swept, tries));
    }
    for (int tries : List.of(most, most + 1, Integer.MAX_VALUE)) {
      assertEquals(then, Patience.of(swept, tries).getClass().getSimpleName(), "" + tries);
    }
  }

  @Test
  void whatWasWhollySweptIsOver() {
    assertEquals(new Patience.Over(""), Patience.of(swept(Map.of()), 0));
    assertEquals(new Patience.Over(""), Patience.of(swept(Map.of()), MANY));
  }

  @Test
  void saysWhatItDidNotWaitForAndWhatItGaveUp() {
    Swept others = swept(Map.of("mails", ANYBODYS_UNFIT, "bills", ANYBODYS_AWAY));
    assertEquals(new Patience.Over("bills: why bills; mails: why mails"), Patience.of(others, FEW));
    Swept own = swept(Map.of("mails", ANYBODYS_UNFIT, "images", OWN_AWAY));
    assertEquals(
        new Patience.Spent("images: why images; given up after 720 tries"), Patience.of(own, MANY));
  }

  /** As long as one of them may still be swept, it is worth to try all. */
  @Test
  void theMostPatientDecides() {
    Swept both = swept(Map.of("images", OWN_AWAY, "mails", OWN_UNFIT));
    assertEquals(new Patience.Waits("images: why images"), Patience.of(both, FEW));
    assertEquals(
        new Patience.Spent("images: why images; mails: why mails; given up after 720 tries"),
        Patience.of(both, MANY));
  }

  /** What takes longer is not asked so often as to be given up too early. */
  @Test
  void onlyLockedRowsAloneAreAskedForSoon() {
    Unswept locked = new Unswept(true, Hindrance.LOCKED);
    Map<String, Unswept> both = Map.of("images", locked, "mails", ANYBODYS_AWAY);
    assertEquals(
        new Patience.Waits("images: why images; mails: why mails"), Patience.of(swept(both), 0));
    assertEquals(new Patience.Waits("images: why images", true), Patience.of(swept(both), FEW));
  }

  @Test
  void silenceIsAwaitedAndNotForEver() {
    assertEquals(new Patience.Waits("no sweep"), Patience.silent("no sweep", MANY - 1));
    assertEquals(
        new Patience.Spent("no sweep; given up after 720 tries"),
        Patience.silent("no sweep", MANY));
  }

  /** A source of which nothing is said but its problem is taken for one that matters. */
  @Test
  void theUnknownMatters() {
    Swept bare = new Swept(false, 1, 0, 0, List.of(), 0, Map.of("images", "why"), Map.of());
    assertEquals(new Patience.Waits("images: why"), Patience.of(bare, MANY - 1));
  }
}
