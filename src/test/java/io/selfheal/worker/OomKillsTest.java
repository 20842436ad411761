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
  void aGroupThatIsGoneLeavesTheCountOfTheHost() {
    OomKills kills = new OomKills();
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(7), KILLED));
    kills.tick(5);
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(5), KILLED));
    OomKills.Rise rise = kills.rise(6);
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, UNKNOWN));
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, OptionalInt.of(15)));
    assertEquals(
        "killed for memory: oom_kill of /proc/vmstat rose from 5 to 6, and its control group is"
            + " gone",
        kills.weigh(rise, KILLED).words());
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, KILLED), "it was another's");
    assertEquals(OomKills.Finding.NONE, kills.weigh(OomKills.Rise.UNKNOWN, KILLED));
  }

  @Test
  void theHostsCountReachesBackTwoSeconds() {
    OomKills kills = new OomKills();
    kills.tick(5);
    kills.tick(6);
    assertEquals(true, kills.weigh(kills.rise(6), KILLED).killed());
    kills.tick(7);
    kills.tick(7);
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(7), KILLED));
    kills.tick(-1);
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(-1), KILLED));
  }

  @Test
  void whatAGroupToldIsNotAnothersByTheHost() {
    OomKills kills = new OomKills();
    kills.tick(5);
    assertEquals(true, kills.weigh(read(0, false), read(0, false), 1, KILLED).killed());
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(6), KILLED));
    assertEquals(true, kills.weigh(kills.rise(7), KILLED).killed());
  }

  @Test
  void theHostsCountIsOneLineOfMany() {
    assertEquals(42, HostKills.of("nr_free_pages 1\noom_kill 42\nthp_zero_page_alloc 0\n"));
    assertEquals(-1, HostKills.of("nr_free_pages 1\n"));
    assertEquals(true, HostKills.now() >= 0);
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
