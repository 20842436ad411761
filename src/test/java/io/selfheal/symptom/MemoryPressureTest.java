package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPressureTest {
  private static final String MOUNTS =
      """
      24 1 0:21 / /sys/fs/cgroup rw - tmpfs tmpfs rw
      25 24 0:22 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
      35 24 0:32 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw
      """;

  private static HostEvent.Sampled memory(double some, double full) {
    return new HostEvent.Sampled(Seat.host(null, null, null, Seat.pressures("memory", some, full)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.00, 0.00, ABSENT",
    "0.10, 0.05, ABSENT",
    "0.15, 0.00, BETWEEN",
    "0.05, 0.07, BETWEEN",
    "0.20, 0.00, PRESENT",
    "0.00, 0.10, PRESENT",
    "0.90, 0.80, PRESENT",
  })
  void theHostWaitsForMemory(double some, double full, Presence expected) throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure");
    assertEquals(expected, seat.take(memory(some, full)));
    assertEquals("host", seat.reading().subject());
    assertEquals(some, seat.reading().values().get("memory_some_share"));
  }

  /** Nearly all memory is used, and nobody waits: that is what memory is for. */
  @Test
  void muchMemoryInUseIsNoPressure() throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure");
    HostEvent.Sampled full =
        new HostEvent.Sampled(
            Seat.host(
                null,
                new io.selfheal.message.HostSample.Memory(1000, 5, 0, 0),
                null,
                Seat.pressures("memory", 0, 0)));
    assertEquals(Presence.ABSENT, seat.take(full));
  }

  private static HostEvent.Stalled told(String file, long stalledMillis, long windowMillis) {
    return new HostEvent.Stalled(
        file, Duration.ofMillis(stalledMillis), Duration.ofMillis(windowMillis));
  }

  /** By default 800 ms of 4 s: what is told to another rule counts when it is as much, or more. */
  @ParameterizedTest
  @CsvSource({
    "/proc/pressure/memory, 800, 4000, PRESENT",
    "/proc/pressure/memory, 900, 4000, PRESENT",
    "/proc/pressure/memory, 800, 2000, PRESENT",
    "/proc/pressure/memory, 799, 4000, ",
    "/proc/pressure/memory, 900, 6000, ",
    "/proc/pressure/io, 800, 4000, ",
    "/sys/fs/cgroup/a/memory.pressure, 800, 4000, ",
  })
  void theKernelTells(String file, long stalled, long window, @Nullable Presence expected)
      throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure");
    seat.take(memory(0, 0));
    assertEquals(expected, seat.take(told(file, stalled, window)));
  }

  /** The word counts until the next one must have come; then the means tell. */
  @Test
  void itIsThereAtOnceWhenTheKernelTellsAndGoneByTheMeans() throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure", "enter: {stalled: 150ms of 2s}");
    assertEquals(Presence.ABSENT, seat.take(memory(0.01, 0)));
    HostEvent.Stalled word = told("/proc/pressure/memory", 150, 2000);
    assertEquals(Presence.PRESENT, seat.pass(Duration.ofMillis(300)).take(word));
    assertEquals(
        "the kernel told at 1970-01-01T00:00:00.300Z that tasks of the host had waited for memory"
            + " for 150 ms within 2000 ms; 1.0 % of the last ten seconds, all of them at once 0.0 %",
        seat.reading().evidence());
    assertEquals(0.15, seat.reading().values().get("memory_stalled_seconds"));
    assertNull(seat.pass(Duration.ofSeconds(1)).take(memory(0.12, 0)), "until the next one");
    assertEquals(Presence.PRESENT, seat.take(memory(0.2, 0)));
    assertTrue(seat.reading().evidence().startsWith("the kernel told at 1970-01-01T00:00:00.300Z"));
    assertNull(seat.pass(Duration.ofMillis(3500)).take(memory(0.12, 0)));
    assertEquals(Presence.BETWEEN, seat.pass(Duration.ofMillis(1)).take(memory(0.12, 0)));
    assertEquals(Presence.PRESENT, seat.take(word), "it goes on");
    assertEquals(Presence.ABSENT, seat.pass(Duration.ofSeconds(5)).take(memory(0.08, 0)));
    assertNull(seat.reading().values().get("memory_stalled_seconds"));
  }

  /** The rule's {@code for} counts from word to word: a single one is a spike. */
  @ParameterizedTest
  @CsvSource({"'0', false", "'0,8', false", "'0,4', false", "'0,4,8', true", "'0,6,12', true"})
  void aSpikeDoesNotLast(String words, boolean expected) throws Exception {
    Replay replay = new Replay(Seat.rule("symptom: memory_pressure", "for: 6s"), Seat.nobody());
    List<String> told = List.of(words.split(","));
    for (long second = 0; second < 30; second++) {
      if (told.contains(Long.toString(second))) {
        replay(replay, second, told("/proc/pressure/memory", 800, 4000));
      }
      replay(replay, second, memory(0.07, 0.02));
    }
    assertEquals(expected ? 1 : 0, replay.occasions().listed().size());
  }

  private static void replay(Replay replay, long second, Event event) {
    replay.take(StoredTest.recorded(replay.facts() + 1, Instant.EPOCH.plusSeconds(second), event));
  }

  @Test
  void theKernelsWordCountsWhereThereAreNoMeans() throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure");
    assertEquals(Presence.PRESENT, seat.take(told("/proc/pressure/memory", 800, 4000)));
    assertTrue(seat.reading().evidence().endsWith(" for 800 ms within 4000 ms"));
    assertEquals(Presence.UNKNOWN, seat.pass(Duration.ofSeconds(7)).take(Seat.available(5)));
  }

  @Test
  void whereTheKernelRefusesToTellTheMeansJudgeAndTheEvidenceSaysSo() throws Exception {
    Triggered detector =
        assertInstanceOf(
            Triggered.class, Seat.rule("symptom: memory_pressure").detectors().detector());
    Trigger trigger = detector.triggers().iterator().next();
    assertEquals("some 800000 4000000", trigger.limit().forKernel());
    detector.refused(Map.of(trigger, "it is mounted read-only"));
    Surroundings around = Seat.of("symptom: memory_pressure").around();
    Reading reading = detector.take(memory(0.3, 0), around).getFirst();
    assertEquals(Presence.PRESENT, reading.presence());
    assertEquals(
        "tasks of the host waited for memory 30 % of the last ten seconds, all of them at once"
            + " 0.0 %; the kernel does not tell of it: it is mounted read-only",
        reading.evidence());
    detector.refused(Map.of());
    assertFalse(
        detector.take(memory(0, 0), around).getFirst().evidence().contains("does not tell"));
  }

  @ParameterizedTest
  @CsvSource({
    "some: 20%, some 800000 4000000",
    "some: 3%, some 120000 4000000",
    "stalled: 150ms of 2s, some 150000 2000000",
    "stalled: 1s of 10s, some 1000000 10000000",
    "stalled: 500ms of 500ms, some 500000 500000",
    "stalled: never, ",
    "some: 0%, ",
  })
  void whatTheKernelIsAskedFor(String enter, @Nullable String expected) throws Exception {
    Triggered detector =
        (Triggered)
            Seat.rule("symptom: memory_pressure", "enter: {" + enter + "}").detectors().detector();
    assertEquals(
        Optional.ofNullable(expected),
        detector.triggers().stream().map(each -> each.limit().forKernel()).findFirst());
  }

  @Test
  void withoutPressureFilesItIsUnknown() throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure");
    assertEquals(Presence.UNKNOWN, seat.take(Seat.available(5)));
    assertEquals(
        Presence.UNKNOWN,
        seat.take(new HostEvent.Sampled(Seat.host(null, null, null, Seat.pressures("cpu", 1, 1)))));
  }

  @Test
  void aWorkersIsReadFromItsGroupAndNotFromFacts() throws Exception {
    Seat seat = Seat.of("symptom: memory_pressure", "where: {worker: images}");
    assertNull(seat.take(memory(1, 1)));
  }

  @Test
  void theGroupIsFoundWhereItIsMounted() throws Exception {
    GroupPressure files = GroupPressure.parse(MOUNTS);
    assertEquals(
        Path.of("/sys/fs/cgroup/unified/a.slice/b.service/memory.pressure"),
        files.memory("4:memory:/x\n0::/a.slice/b.service\n"));
    GroupPressure container = new GroupPressure("/docker/1", Path.of("/sys/fs/cgroup"));
    assertEquals(Path.of("/sys/fs/cgroup/memory.pressure"), container.memory("0::/docker/1\n"));
    assertEquals(Path.of("/sys/fs/cgroup/w/memory.pressure"), container.memory("0::/docker/1/w\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "'0::/\n', in no control group of its own",
    "'4:memory:/x\n', in no group of cgroup v2",
    "'0::/../a\n', is not seen from here",
  })
  void whatHasNoGroupOfItsOwnIsNotKnown(String membership, String why) throws Exception {
    GroupPressure files = GroupPressure.parse(MOUNTS);
    String said = assertThrows(IOException.class, () -> files.memory(membership)).getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void withoutCgroup2NothingIsKnown() {
    String said =
        assertThrows(
                IOException.class,
                () -> GroupPressure.parse("25 24 0:22 / /g rw - cgroup cgroup rw,memory\n"))
            .getMessage();
    assertTrue(said.contains("cgroup v1 keeps no pressure"), said);
  }

  @Test
  void aPressureFileIsRead() throws Exception {
    Path file = Path.of("memory.pressure");
    String text =
        """
        some avg10=12.50 avg60=3.00 avg300=0.00 total=1
        full avg10=1.25 avg60=0.50 avg300=0.00 total=1
        """;
    assertEquals(
        new Pressure("memory", 0.125, 0.03, 0.0125, 0.005), GroupPressure.parse(file, text));
    assertThrows(IOException.class, () -> GroupPressure.parse(file, "some avg10=1.00\n"));
    assertThrows(IOException.class, () -> GroupPressure.parse(file, ""));
  }
}
