package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import org.junit.jupiter.api.Test;

final class GraveyardTest {
  private static Fallen fallen(long pid, long ticks) {
    return new Fallen("w", "w.1", new ProcessIdentity("boot", pid, ticks), ticks);
  }

  @Test
  void theNewestTenThousandAreKept() {
    Graveyard graveyard = new Graveyard();
    for (int i = 1; i <= Graveyard.ROOM + 5; i++) {
      graveyard.add(fallen(i, i));
    }
    assertEquals(Graveyard.ROOM, graveyard.size());
    assertTrue(graveyard.newest(5).isEmpty());
    assertTrue(graveyard.find(fallen(5, 5).process()).isEmpty());
    assertTrue(graveyard.newest(6).isPresent());
  }

  @Test
  void aReusedPidIsToldApart() {
    Graveyard graveyard = new Graveyard();
    graveyard.add(fallen(7, 1));
    graveyard.add(fallen(7, 2));
    assertEquals(2, graveyard.newest(7).orElseThrow().process().startTicks());
    assertTrue(graveyard.find(fallen(7, 1).process()).isPresent());
  }
}
