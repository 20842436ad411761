package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.message.Incident;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.Recall;
import io.selfheal.message.JournalRequests.Remember;
import io.selfheal.message.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a real file, with PostgreSQL away. */
class JournalTest {
  @TempDir Path directory;
  private final HandTime time = new HandTime();

  private House house() {
    return new House(directory.resolve("spool"), new AwayArchive(), time);
  }

  @Test
  void everyEventHasAGaplessPlaceAnOrderedIdAndOneEncoding() throws IOException {
    try (House house = house()) {
      house.bus.publish(new IncidentEvent.Opened("i-1", "worker/a.1", "worker.lost", "why"));
      Recorded opened = house.next("incident.opened");
      List<Recorded> more = house.publish(20, "a");
      JsonNode json = Json.mapper().readTree(opened.json());
      assertEquals(opened.epoch(), json.get("epoch").longValue());
      assertEquals(opened.offset(), json.get("offset").longValue());
      assertEquals(opened.id(), json.get("id").textValue());
      assertEquals("2026-03-01T12:00:00Z", json.get("time").textValue());
      assertEquals("incident.opened", json.get("type").textValue());
      assertEquals("warning", json.get("severity").textValue());
      assertEquals("worker/a.1", json.get("subject").textValue());
      assertEquals("i-1", json.get("incident_id").textValue());
      assertEquals("worker.lost", json.get("data").get("symptom").textValue());
      assertFalse(Json.mapper().readTree(more.getFirst().json()).has("incident_id"));
      for (Recorded event : more) {
        assertEquals(7, UUID.fromString(event.id()).version());
        assertTrue(event.id().compareTo(opened.id()) > 0);
      }
      assertGapless(house.read(opened.epoch(), 0, 500), 1);
    }
  }

  private static void assertGapless(Events page, long from) {
    assertTrue(page.complete());
    assertEquals(
        LongStream.range(from, from + page.events().size()).boxed().toList(),
        page.events().stream().map(Recorded::offset).toList());
  }

  @Test
  void aCleanRestartGoesOnWithTheNextOffset() {
    long epoch;
    long newest;
    try (House house = house()) {
      house.publish(30, "before");
      epoch = house.status().epoch();
      newest = house.status().newest();
    }
    try (House house = house()) {
      List<Recorded> after = house.publish(5, "after");
      assertEquals(epoch, after.getFirst().epoch());
      Events all = house.read(epoch, 0, 500);
      assertGapless(all, 1);
      assertTrue(after.getFirst().offset() > newest);
      assertEquals(all.last(), house.status().newest());
      assertFalse(all.more());
    }
  }

  @Test
  void pagesFollowEachOtherAndFilterByTypeAndSubject() {
    try (House house = house()) {
      house.publish(10, "a");
      house.bus.publish(House.sample("h"));
      house.next("host.sampled");
      house.publish(10, "b");
      house.crank(Journal::write);
      house.publish(5, "c");
      long epoch = house.status().epoch();
      Events first = house.read(epoch, 0, 7, "agent.*");
      Events second = house.read(epoch, first.last(), 500, "agent.*");
      assertEquals(7, first.events().size());
      assertTrue(first.more());
      assertEquals(18, second.events().size());
      assertEquals(1, house.read(epoch, 0, 500, "host.sampled").events().size());
      Events newest = house.read(0, 0, 3, "agent.*");
      assertEquals(
          List.of("agent/c2", "agent/c3", "agent/c4"),
          newest.events().stream().map(Recorded::subject).toList());
      Events one =
          house.ask(
              JournalRequests.EVENTS,
              new JournalRequests.ReadEvents(epoch, 0, List.of(), "agent/b3", 10));
      assertEquals(1, one.events().size());
    }
  }

  @Test
  void aReaderOfALostEpochIsToldSoAndGetsAllOfTheNewOne() {
    try (House house = house()) {
      house.publish(3, "a");
      Events page = house.read(42, 1_000, 500);
      assertFalse(page.complete());
      assertNotEquals(42, page.epoch());
      assertEquals(1, page.events().getFirst().offset());
      Events ahead = house.read(page.epoch(), 1_000_000, 500);
      assertFalse(ahead.complete());
      assertEquals(house.status().newest(), ahead.last());
    }
  }

  @Test
  void incidentsAndFactsLastOverARestart() {
    try (House house = house()) {
      for (int i = 10; i < 30; i++) {
        house.save(House.incident("i-" + i, Incident.State.HEALING));
      }
      house.save(House.incident("i-15", Incident.State.CLOSED));
      house.ask(JournalRequests.REMEMBER, new Remember("pause", "until noon"));
      house.ask(JournalRequests.REMEMBER, new Remember("gone", "x"));
      house.ask(JournalRequests.REMEMBER, new Remember("gone", null));
    }
    try (House house = house()) {
      assertEquals("until noon", house.ask(JournalRequests.RECALL, new Recall("pause")).value());
      assertNull(house.ask(JournalRequests.RECALL, new Recall("gone")).value());
      assertEquals(House.incident("i-15", Incident.State.CLOSED), house.find("i-15").incident());
      JournalRequests.Incidents open =
          house.ask(JournalRequests.INCIDENTS, new ListIncidents(true, null, 500));
      assertEquals(19, open.incidents().size());
      assertNull(open.next());
      JournalRequests.Incidents page =
          house.ask(JournalRequests.INCIDENTS, new ListIncidents(false, "i-20", 7));
      assertEquals("i-19", page.incidents().getFirst().id());
      assertEquals("i-13", page.next());
    }
  }

  @Test
  void postgresqlAwayIsSaidOnce() {
    try (House house = house()) {
      house.publish(1, "a");
      house.crank(Journal::write);
      house.crank(Journal::replay);
      house.next("journal.degraded");
      assertTrue(String.valueOf(house.status().problem()).contains("PostgreSQL"));
      house.crank(Journal::write);
      house.crank(Journal::replay);
      Events said = house.read(house.status().epoch(), 0, 500, "journal.*");
      assertEquals(1, said.events().size());
    }
  }

  @Test
  void anUnreadableSpoolIsMovedAsideAndANewEpochBegins() throws IOException {
    long epoch;
    try (House house = house()) {
      house.publish(200, "a");
      epoch = house.status().epoch();
    }
    Path file = directory.resolve("spool");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i += 16) {
      bytes[i] ^= (byte) 0x5a;
    }
    Files.write(file, bytes);
    time.pass(java.time.Duration.ofSeconds(1));
    try (House house = house()) {
      house.next("journal.degraded");
      assertTrue(house.status().epoch() > epoch);
      house.publish(1, "b");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          1, files.filter(one -> one.getFileName().toString().contains(".corrupt-")).count());
    }
  }

  @Test
  void aSpoolThatAnotherHasOpenIsAReasonNotToStart() {
    try (House house = house()) {
      RuntimeException refused = assertThrows(RuntimeException.class, this::house);
      assertTrue(String.valueOf(refused.getMessage()).contains("another agent"), refused::toString);
      house.publish(1, "a");
    }
  }
}
