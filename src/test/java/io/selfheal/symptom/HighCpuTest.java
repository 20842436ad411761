package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample.Cpu;
import io.selfheal.message.Presence;
import io.selfheal.message.WorkerEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighCpuTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @CsvSource({
    // Busy is not sick.
    "1.00, 0.00, ABSENT",
    "1.00, 0.20, ABSENT",
    "1.00, 0.30, BETWEEN",
    "0.90, 0.40, PRESENT",
    "1.00, 0.95, PRESENT",
    "0.85, 0.95, BETWEEN",
    "0.80, 0.95, ABSENT",
    "0.10, 0.00, ABSENT",
  })
  void theHostIsSickWhenItIsBusyAndTasksWait(double busy, double waiting, Presence expected)
      throws Exception {
    assertEquals(expected, Seat.of("symptom: high_cpu").take(Seat.cpu(busy, waiting)));
  }

  @Test
  void aShortSpikeDoesNotCountAndAShortDipDoesNotEndIt() throws Exception {
    Seat seat = Seat.of("symptom: high_cpu");
    for (int i = 0; i < 30; i++) {
      assertEquals(ABSENT, seat.pass(SECOND).take(Seat.cpu(0.2, 0.5)));
    }
    assertEquals(ABSENT, seat.pass(SECOND).take(Seat.cpu(1, 0.5)));
    for (int i = 0; i < 60; i++) {
      seat.pass(SECOND).take(Seat.cpu(1, 0.5));
    }
    assertEquals(PRESENT, seat.pass(SECOND).take(Seat.cpu(0.6, 0.5)));
  }

  @Test
  void withoutPressureOrProcessorsNothingIsKnown() throws Exception {
    Seat seat = Seat.of("symptom: high_cpu");
    Cpu cpu = new Cpu(1, List.of(1.0), 0, 0);
    assertEquals(UNKNOWN, seat.take(new HostEvent.Sampled(Seat.host(cpu, null, null, null))));
    assertTrue(seat.reading().evidence().startsWith("nothing is known of pressure"));
    assertEquals(
        UNKNOWN,
        seat.take(new HostEvent.Sampled(Seat.host(null, null, null, Seat.pressures("cpu", 1, 0)))));
  }

  @Test
  void theEvidenceHasTheNumbers() throws Exception {
    Seat seat = Seat.of("symptom: high_cpu");
    Cpu stolen = new Cpu(0.97, List.of(0.97), 0.3, 0);
    seat.take(new HostEvent.Sampled(Seat.host(stolen, null, null, Seat.pressures("cpu", .5, 0))));
    assertEquals(
        "the processors are 97 % busy, and tasks waited for them 50 % of the time; the hypervisor"
            + " gave 30 % of it to others",
        seat.reading().evidence());
    assertEquals(0.97, seat.reading().values().get("busy_share"));
    assertEquals("host", seat.reading().subject());
  }

  @Test
  void aWorkerIsSickWhenItUsesProcessorsThatOthersWaitFor() throws Exception {
    Seat seat = Seat.of("symptom: high_cpu", "where: {worker: ima*}");
    assertEquals(UNKNOWN, seat.take(Seat.worker(7, 1.0, 1, 1, 1)), "no pressure yet");
    assertNull(seat.take(Seat.cpu(0.5, 0.1)));
    assertEquals(ABSENT, seat.take(Seat.worker(7, 1.0, 1, 1, 1)), "busy, and nobody waits");
    seat.take(Seat.cpu(1, 0.8));
    assertEquals(PRESENT, seat.take(Seat.worker(7, 1.0, 1, 1, 1)));
    assertEquals("worker/images.1", seat.reading().subject());
    assertEquals(1.0, seat.reading().values().get("cores"));
    seat.pass(Duration.ofSeconds(31));
    assertEquals(UNKNOWN, seat.take(Seat.worker(7, 1.0, 1, 1, 1)), "the pressure is old");
    seat.take(Seat.cpu(1, 0.8));
    assertEquals(ABSENT, seat.take(Seat.worker(8, 0.1, 1, 1, 1)), "another process");
    assertEquals(BETWEEN, seat.take(Seat.worker(9, 0.8, 1, 1, 1)));
    assertNull(seat.take(Seat.worker(9, -1, 1, 1, 1)), "the first reading has no share");
  }

  @Test
  void aWorkerThatHasEndedIsForgottenAndOthersAreNotLookedAt() throws Exception {
    Seat seat = Seat.of("symptom: high_cpu", "where: {worker: other}");
    seat.take(Seat.cpu(1, 0.8));
    assertNull(seat.take(Seat.worker(7, 1.0, 1, 1, 1)));
    Seat mine = Seat.of("symptom: high_cpu", "where: {worker: images}");
    mine.take(Seat.cpu(1, 0.8));
    mine.take(Seat.worker(7, 1.0, 1, 1, 1));
    WorkerEvent ended = new WorkerEvent.Stopped("images", "images.1", Seat.process(7), "a test");
    assertEquals(Presence.GONE, mine.take(ended));
    assertNull(mine.take(ended));
  }
}
