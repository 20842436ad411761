package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.RequestFailed;
import io.selfheal.message.Incident;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spool is full, or the disk is. PostgreSQL is away all the time. */
class NoRoomTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path directory;
  private final HandTime time = new HandTime();

  @AfterEach
  void makeRoom() {
    FailingDisk.full(false);
  }

  @Test
  void samplesGoFirstAndIncidentsNever() throws IOException {
    JournalConfig small = new JournalConfig(Duration.ofDays(30), MEBIBYTE);
    Path file = directory.resolve("spool");
    try (House house = new House(file, new AwayArchive(), time, small, "one")) {
      for (int i = 0; i < 50; i++) {
        house.bus.publish(new IncidentEvent.Opened("i-" + i, "s", "worker.lost", "why"));
      }
      house.publish(200, "early");
      String host = "h".repeat(2_000);
      for (int round = 0; round < 30; round++) {
        for (int i = 0; i < 100; i++) {
          house.bus.publish(House.sample(host));
        }
        house.publish(1, "round" + round);
        house.crank(Journal::write);
        time.pass(Duration.ofSeconds(6));
        house.crank(Journal::reclaim);
      }
      assertTrue(house.status().droppedSamples() > 2_000);
      assertTrue(house.status().spoolBytes() <= MEBIBYTE);
      long epoch = house.status().epoch();
      assertEquals(50, count(house, epoch, "incident.opened"));
      assertEquals(230, count(house, epoch, "agent.stopping"));
      assertTrue(count(house, epoch, "journal.degraded") >= 2);
      Events page = house.read(epoch, 300, 500);
      assertFalse(page.complete(), "given up samples are told of");
      assertTrue(Files.size(file) < 24 * MEBIBYTE, Files.size(file) + " bytes");
    }
  }

  private static int count(House house, long epoch, String type) {
    int count = 0;
    long after = 0;
    Events page;
    do {
      page = house.read(epoch, after, 500, type);
      count += page.events().size();
      after = page.last();
    } while (page.more());
    return count;
  }

  @Test
  void aFullDiskIsToldAndOutlived() {
    Path file = FailingDisk.file(directory.resolve("spool"));
    try (House house = new House(file, new AwayArchive(), time)) {
      house.publish(20, "a");
      house.crank(Journal::write);
      house.save(House.incident("i-1", Incident.State.HEALING));
      FailingDisk.full(true);
      List<Recorded> during = house.publish(20, "b");
      RequestFailed refused =
          assertThrows(
              RequestFailed.class, () -> house.save(House.incident("i-2", Incident.State.HEALING)));
      assertTrue(String.valueOf(refused.getMessage()).contains("No space left"), refused::toString);
      house.next(
          event ->
              event.type().equals("journal.degraded")
                  && new String(event.json(), java.nio.charset.StandardCharsets.UTF_8)
                      .contains("No space left"));
      FailingDisk.full(false);
      time.pass(Duration.ofSeconds(10));
      house.crank(Journal::write);
      house.save(House.incident("i-3", Incident.State.HEALING));
      Events all = house.read(during.getFirst().epoch(), 0, 500);
      assertTrue(all.complete());
      assertEquals(40, all.events().stream().filter(e -> e.type().startsWith("agent.")).count());
      assertNotNull(house.find("i-1").incident());
      assertNotNull(house.find("i-3").incident());
    }
    try (House house = new House(file, new AwayArchive(), time)) {
      assertNotNull(house.find("i-3").incident());
      assertTrue(house.read(house.status().epoch(), 0, 500).complete());
    }
  }

  @Test
  void aDiskThatIsFullAtTheStartIsNoReasonNotToStart() {
    Path file = FailingDisk.file(directory.resolve("spool"));
    long epoch;
    try (House house = new House(file, new AwayArchive(), time)) {
      house.publish(5, "a");
      epoch = house.status().epoch();
    }
    FailingDisk.full(true);
    time.pass(Duration.ofSeconds(1));
    try (House house = new House(file, new AwayArchive(), time)) {
      house.publish(5, "b");
      assertTrue(house.status().epoch() > epoch, "places of the old epoch cannot be reserved");
      FailingDisk.full(false);
      time.pass(Duration.ofSeconds(10));
      house.crank(Journal::write);
      Events all = house.read(house.status().epoch(), 0, 500);
      assertTrue(all.complete());
      assertEquals(5, all.events().stream().filter(e -> e.type().startsWith("agent.")).count());
      assertTrue(house.status().spooled() >= 10, "the old events still wait for PostgreSQL");
    }
  }
}
