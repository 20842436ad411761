package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class OomKillsTest {
  private static final OptionalInt KILLED = OptionalInt.of(9);
  private static final OptionalInt UNKNOWN = OptionalInt.empty();

  private static GroupReading read(long kills, boolean alone) {
    return new GroupReading(kills, "/cg/a/memory.events", alone, "", "");
  }

  private static OomKills.Finding weigh(long before, boolean alone, long now, OptionalInt status) {
    return new OomKills().weigh(read(before, alone), read(before, alone), now, status);
  }

  @Test
  void aKillWhileTheCountRoseIsForMemory() {
    assertEquals(
        new OomKills.Finding(
            true, "killed for memory: oom_kill of /cg/a/memory.events rose from 0 to 1"),
        weigh(0, false, 1, KILLED));
    assertEquals(OomKills.Finding.NONE, weigh(1, true, 1, KILLED));
    assertEquals(OomKills.Finding.NONE, weigh(0, true, 1, OptionalInt.of(15)));
    assertEquals(OomKills.Finding.NONE, weigh(0, true, 1, OptionalInt.of(1 << 8)));
  }

  @Test
  void whatIsNotKnownIsNotZero() {
    assertEquals(OomKills.Finding.NONE, weigh(-1, true, 1, KILLED));
    assertEquals(OomKills.Finding.NONE, weigh(0, true, -1, KILLED));
  }

  @Test
  void withoutAStatusItMustHaveBeenAlone() {
    assertEquals(true, weigh(0, true, 1, UNKNOWN).killed());
    OomKills.Finding shared = weigh(0, false, 1, UNKNOWN);
    assertEquals(false, shared.killed());
    assertEquals(
        "oom_kill of /cg/a/memory.events rose from 0 to 1, but how it ended is not known, and other"
            + " processes are in that group",
        shared.words());
  }

  @Test
  void eachKillIsOfOneProcess() {
    OomKills kills = new OomKills();
    assertEquals(true, kills.weigh(read(0, false), read(0, false), 1, KILLED).killed());
    assertEquals(OomKills.Finding.NONE, kills.weigh(read(0, false), read(0, false), 1, KILLED));
    assertEquals(true, kills.weigh(read(0, false), read(0, false), 2, KILLED).killed());
  }

  @Test
  void theCountMayRiseASecondBeforeTheEnd() {
    assertEquals(true, new OomKills().weigh(read(0, false), read(1, false), 1, KILLED).killed());
    GroupReading other = new GroupReading(0, "/cg/b/memory.events", false, "", "");
    assertEquals(OomKills.Finding.NONE, new OomKills().weigh(other, read(1, false), 1, KILLED));
  }
}
