package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.GONE;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static io.selfheal.symptom.Seat.GIB;
import static io.selfheal.symptom.Seat.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LowDiskTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final long TOTAL = 100 * GIB;
  private static final String[] SOON = {
    "symptom: low_disk", "where: {mount: /data}", "enter: {time_left: 1h}"
  };

  @ParameterizedTest
  @CsvSource({
    "50, ABSENT",
    "85, ABSENT",
    "86, BETWEEN",
    "89, BETWEEN",
    "90, PRESENT",
    "100, PRESENT",
  })
  void spaceCounts(long used, Presence expected) throws Exception {
    Seat seat = Seat.of("symptom: low_disk");
    assertEquals(expected, seat.take(Seat.disk("/", 100, 100 - used)));
    assertEquals("mount/", seat.reading().subject());
  }

  @Test
  void inodesCountWhereTheyAreLimited() throws Exception {
    Seat seat = Seat.of("symptom: low_disk");
    assertEquals(PRESENT, seat.take(Seat.disks(new Disk("/", "d", "ext4", 100, 90, 1000, 99))));
    assertTrue(seat.reading().evidence().endsWith("of its inodes 90 % are used"));
    assertEquals(ABSENT, seat.take(Seat.disks(new Disk("/", "d", "btrfs", 100, 90, -1, -1))));
  }

  @Test
  void onlyTheChosenMountsAreLookedAt() throws Exception {
    Seat seat = Seat.of("symptom: low_disk", "where: {mount: [/data, /var/*]}");
    seat.take(
        Seat.disks(
            new Disk("/", "a", "ext4", 100, 0, -1, -1),
            new Disk("/data", "b", "ext4", 100, 0, -1, -1),
            new Disk("/var/lib/x", "c", "ext4", 100, 50, -1, -1)));
    assertEquals(
        List.of("mount/data", "mount/var/lib/x"),
        seat.readings().stream().map(io.selfheal.rule.Reading::subject).toList());
  }

  @Test
  void whatCannotBeReadIsUnknownAndWhatIsUnmountedIsGone() throws Exception {
    Seat seat = Seat.of("symptom: low_disk");
    HostEvent.Sampled nothing = new HostEvent.Sampled(Seat.host(null, null, null, null));
    assertNull(seat.take(nothing));
    seat.take(Seat.disk("/data", 100, 1));
    assertEquals(UNKNOWN, seat.take(nothing));
    assertEquals("nothing is known of its space: a reason", seat.reading().evidence());
    assertEquals(GONE, seat.take(Seat.disks()));
    assertNull(seat.take(Seat.disks()));
  }

  @Test
  void aDiskThatFillsSteadilyIsLowBeforeItIsFull() throws Exception {
    Seat seat = Seat.of(SOON);
    // 10 MiB a second: 18 GiB in the window, full in 42 minutes when a quarter is left.
    List<Presence> all = fill(seat, 360, i -> 50 * GIB + i * (100L * MIB));
    assertEquals(UNKNOWN, all.getFirst());
    assertEquals(PRESENT, all.getLast());
    assertTrue(
        seat.reading().evidence().contains("; at 600 MiB a minute it is full in "),
        seat.reading().evidence());
    assertTrue(seat.reading().values().get("seconds_until_no_bytes") < 3600);
    assertEquals(ABSENT, fill(seat, 30, i -> 40 * GIB).getLast(), "the cache was cleared");
  }

  @Test
  void aClearedDiskIsSeenAtOnce() throws Exception {
    Seat seat = Seat.of(SOON);
    fill(seat, 360, i -> 50 * GIB + i * (100L * MIB));
    assertEquals(ABSENT, fill(seat, 1, i -> 40 * GIB).getLast());
  }

  /** Fast enough, but done before the window is over: in 5, 10, 17 and 21 minutes of 30. */
  @ParameterizedTest
  @ValueSource(longs = {30, 60, 100, 126})
  void aJobThatFillsAndStopsDoesNotCount(long steps) throws Exception {
    Seat seat = Seat.of(SOON);
    fill(seat, 360, i -> 40 * GIB);
    List<Presence> all = fill(seat, 720, i -> 40 * GIB + Math.min(i, steps) * 36 * GIB / steps);
    assertFalse(all.contains(PRESENT), "present at " + all.indexOf(PRESENT));
    assertEquals(ABSENT, all.getLast());
  }

  /** Slow enough that nothing is used up soon. */
  @Test
  void aSlowFillingDoesNotCount() throws Exception {
    Seat seat = Seat.of(SOON);
    List<Presence> all = fill(seat, 2000, i -> 20 * GIB + i * (10L * MIB));
    assertFalse(all.contains(PRESENT), "present at " + all.indexOf(PRESENT));
  }

  @Test
  void filesThatComeAndGoDoNotCount() throws Exception {
    Seat seat = Seat.of(SOON);
    Random random = new Random(1);
    List<Presence> all = fill(seat, 2000, i -> 60 * GIB + (long) (random.nextDouble() * 25 * GIB));
    assertFalse(all.contains(PRESENT), "present at " + all.indexOf(PRESENT));
  }

  @Test
  void withoutTimeLeftOnlyTheLevelCounts() throws Exception {
    Seat seat = Seat.of("symptom: low_disk");
    List<Presence> all = fill(seat, 380, i -> 50 * GIB + i * (90L * MIB));
    assertEquals(List.of(ABSENT), all.stream().distinct().toList());
    assertEquals(BETWEEN, fill(seat, 1, i -> 88 * GIB).getLast());
  }

  private static List<Presence> fill(
      Seat seat, int times, java.util.function.IntToLongFunction used) {
    return seat.every(TEN, times, used, level -> Seat.disk("/data", TOTAL, TOTAL - level));
  }
}
