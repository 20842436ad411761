package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import java.io.IOException;
import java.nio.file.Path;
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
