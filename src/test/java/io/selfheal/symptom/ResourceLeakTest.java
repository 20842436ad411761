package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.GONE;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static io.selfheal.symptom.Seat.GIB;
import static io.selfheal.symptom.Seat.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Presence;
import io.selfheal.message.WorkerEvent;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A window of thirty minutes, a reading every ten seconds: 180 readings. */
class ResourceLeakTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final String LEAK = "symptom: resource_leak";

  private static List<Presence> memory(Seat seat, int times, IntToLongFunction rss) {
    return seat.every(TEN, times, rss, level -> Seat.worker(7, 0.1, level, 20, 10));
  }

  private static void never(List<Presence> all) {
    assertFalse(all.contains(PRESENT), "present at " + all.indexOf(PRESENT));
    assertNotEquals(UNKNOWN, all.getLast());
  }

  @Test
  void memoryThatGrowsAndNeverShrinksCounts() throws Exception {
    Seat seat = Seat.of(LEAK);
    List<Presence> all = memory(seat, 200, i -> 200 * MIB + i * MIB);
    assertEquals(UNKNOWN, all.getFirst());
    assertEquals(PRESENT, all.getLast());
    assertTrue(all.subList(0, 155).stream().allMatch(UNKNOWN::equals), all.toString());
    assertTrue(
        seat.reading().evidence().contains(" of memory more within the window and never less"),
        seat.reading().evidence());
    assertTrue(seat.reading().values().get("rss_bytes_per_second") > 0.09 * MIB);
  }

  @Test
  void aLeakBelowAGarbageCollectorCounts() throws Exception {
    Seat seat = Seat.of(LEAK);
    List<Presence> all = memory(seat, 400, i -> 200L * MIB + i * MIB + i % 12 * (40L * MIB));
    assertEquals(PRESENT, all.getLast());
  }

  @Test
  void openFilesAndThreadsCountToo() throws Exception {
    Seat files = Seat.of(LEAK);
    files.every(TEN, 200, i -> 20 + i, level -> Seat.worker(7, 0, MIB, (int) level, 5));
    assertEquals(PRESENT, files.take(Seat.worker(7, 0, MIB, 220, 5)));
    assertTrue(files.reading().evidence().contains("220 open files"), files.reading().evidence());
    Seat threads = Seat.of(LEAK);
    threads.every(TEN, 200, i -> 20 + i / 2, level -> Seat.worker(7, 0, MIB, 5, (int) level));
    assertEquals(PRESENT, threads.take(Seat.worker(7, 0, MIB, 5, 119)));
    Seat narrowed = Seat.of(LEAK, "where: {resources: files}");
    never(narrowed.every(TEN, 200, i -> 20 + i, level -> Seat.worker(7, 0, level * MIB, 5, 5)));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 12, 24, 48, 72, 100, 130})
  void theSawtoothOfAGarbageCollectorDoesNot(int period) throws Exception {
    never(memory(Seat.of(LEAK), 6 * 180, i -> 200 * MIB + i % period * (4L * MIB)));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 60})
  void warmUpThatLevelsOffDoesNot(int slowness) throws Exception {
    never(
        memory(
            Seat.of(LEAK),
            6 * 180,
            i -> 100 * MIB + (long) (900 * MIB * (1 - Math.exp(-i / (double) slowness)))));
  }

  @Test
  void aWarmUpThatStopsDoesNot() throws Exception {
    never(memory(Seat.of(LEAK), 720, i -> 100 * MIB + Math.min(i, 110) * (8L * MIB)));
  }

  @Test
  void aShortSpikeDoesNot() throws Exception {
    never(memory(Seat.of(LEAK), 720, i -> i >= 300 && i < 330 ? 4 * GIB : 200 * MIB));
  }

  @Test
  void aStepDoesNot() throws Exception {
    never(memory(Seat.of(LEAK), 720, i -> i >= 300 ? 4 * GIB : 200 * MIB));
  }

  @Test
  void restlessMemoryDoesNot() throws Exception {
    Random random = new Random(3);
    never(memory(Seat.of(LEAK), 1800, i -> 500 * MIB + (long) (random.nextGaussian() * 99 * MIB)));
  }

  @Test
  void aGrowthThatIsTooSmallDoesNot() throws Exception {
    never(memory(Seat.of(LEAK), 720, i -> 200 * MIB + i * MIB / 10));
  }

  @Test
  void withTimeLeftOnlyWhatIsUsedUpSoonCounts() throws Exception {
    String[] rule = {LEAK, "enter: {time_left: 2h}"};
    // 6 MiB a minute: 720 MiB in two hours.
    Seat rich = Seat.of(rule);
    rich.take(Seat.available(8 * GIB));
    never(memory(rich, 400, i -> 200 * MIB + i * MIB));
    Seat poor = Seat.of(rule);
    poor.take(Seat.available(GIB / 2));
    assertEquals(PRESENT, memory(poor, 400, i -> 200 * MIB + i * MIB).getLast());
    assertTrue(poor.reading().evidence().contains("used up in 85 min"), poor.reading().evidence());
    Seat unknown = Seat.of(rule);
    assertEquals(PRESENT, memory(unknown, 400, i -> 200 * MIB + i * MIB).getLast());
  }

  @Test
  void aLeakThatStopsIsGone() throws Exception {
    Seat seat = Seat.of(LEAK);
    assertEquals(ABSENT, memory(seat, 500, i -> 200 * MIB + Math.min(i, 250) * MIB).getLast());
  }

  @Test
  void aNewProcessHasNotLeaked() throws Exception {
    Seat seat = Seat.of(LEAK);
    memory(seat, 200, i -> 200 * MIB + i * MIB);
    assertEquals(ABSENT, seat.pass(TEN).take(Seat.worker(8, 0, 50 * MIB, 20, 10)));
    assertTrue(
        seat.reading().evidence().endsWith("since it took the place of another process"),
        seat.reading().evidence());
    WorkerEvent ended = new WorkerEvent.Stopped("images", "images.1", Seat.process(8), "a test");
    assertEquals(GONE, seat.take(ended));
    assertNull(seat.take(ended));
    assertEquals(ABSENT, seat.pass(TEN).take(Seat.worker(9, 0, 50 * MIB, 20, 10)));
  }

  @Test
  void anOldProcessOfWhichNothingIsKnownYetIsUnknown() throws Exception {
    Seat seat = Seat.of(LEAK);
    assertEquals(UNKNOWN, seat.take(Seat.worker(7, 0, 50 * MIB, 20, 10)));
    Seat hidden = Seat.of(LEAK, "where: {resources: files}");
    assertEquals(UNKNOWN, hidden.take(Seat.worker(7, 0, 50 * MIB, -1, 10)));
  }

  @Test
  void theOpenFilesThatAreLeftAreThoseOfTheVeryProcess() {
    assertEquals(
        1024,
        OpenFileLimit.parse(
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 524288               files
                """)
            .orElseThrow());
    assertTrue(OpenFileLimit.parse("Max open files            unlimited  1 files").isEmpty());
    assertEquals(42, OpenFileLimit.startTicks("7 (a) b) S" + " 0".repeat(18) + " 42 1 2"));
    long pid = ProcessHandle.current().pid();
    assertTrue(OpenFileLimit.of(new io.selfheal.message.ProcessIdentity("b", pid, 1)).isEmpty());
  }
}
