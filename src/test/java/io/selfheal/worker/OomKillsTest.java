package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
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

  private static OomKills.HostCount host(long kills, long second) {
    return new OomKills.HostCount(kills, Duration.ofSeconds(second).toNanos());
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
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(host(7, 1)), KILLED));
    kills.tick(host(5, 0));
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(host(5, 1)), KILLED));
    OomKills.Rise rise = kills.rise(host(6, 1));
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, UNKNOWN));
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, OptionalInt.of(15)));
    assertEquals(
        "killed for memory: oom_kill of the host (/proc/vmstat) rose from 5 to 6, its control group"
            + " is gone",
        kills.weigh(rise, KILLED).words());
    assertEquals(OomKills.Finding.NONE, kills.weigh(rise, KILLED), "it was another's");
    assertEquals(OomKills.Finding.NONE, kills.weigh(OomKills.Rise.UNKNOWN, KILLED));
  }

  @Test
  void theHostsCountReachesBackTwoSeconds() {
    OomKills kills = new OomKills();
    kills.tick(host(5, 0));
    kills.tick(host(6, 0));
    assertEquals(true, kills.weigh(kills.rise(host(6, 1)), KILLED).killed());
    kills.tick(host(7, 0));
    kills.tick(host(7, 0));
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(host(7, 1)), KILLED));
    kills.tick(host(-1, 0));
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(host(-1, 1)), KILLED));
  }

  @Test
  void whatWasCountedLongAgoIsOfOthers() {
    OomKills kills = new OomKills();
    kills.tick(host(5, 0));
    assertEquals(OomKills.Rise.UNKNOWN, kills.rise(host(6, 4)));
    assertEquals(new OomKills.Rise(5, 6), kills.rise(host(6, 2)));
  }

  @Test
  void whatAGroupToldIsNotAnothersByTheHost() {
    OomKills kills = new OomKills();
    kills.tick(host(5, 0));
    assertEquals(true, kills.weigh(read(0, false), read(0, false), 1, KILLED).killed());
    assertEquals(OomKills.Finding.NONE, kills.weigh(kills.rise(host(6, 1)), KILLED));
    assertEquals(true, kills.weigh(kills.rise(host(7, 1)), KILLED).killed());
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
