package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.bus.Bus;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.SymptomRequests.Occasion;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private Replay replay;

  @BeforeEach
  void begin() throws BadConfiguration {
    replay = new Replay(ToySymptom.rule(false), new Bus(vertx).apart());
  }

  @AfterEach
  void end() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void at(long second, Event event) {
    replay.take(StoredTest.recorded(replay.facts() + 1, START.plusSeconds(second), event));
  }

  private void at(long second, Status status) {
    at(second, new ComponentEvent.Changed("a", status, ""));
  }

  /** When, until when, and by what, in seconds. */
  private String occasions() {
    return replay.occasions().listed().stream()
        .map(ReplayTest::words)
        .collect(Collectors.joining("; "));
  }

  private static String words(Occasion one) {
    Instant cleared = one.cleared();
    return "%d-%s%s"
        .formatted(
            one.at().getEpochSecond() - START.getEpochSecond(),
            cleared == null ? "" : cleared.getEpochSecond() - START.getEpochSecond(),
            one.remedy() == null ? "" : " " + one.remedy());
  }

  @Test
  void itCountsByTheTimesOfTheFacts() {
    at(0, Status.ERROR);
    at(9, Status.ERROR);
    assertEquals("", occasions());
    at(10, Status.ERROR);
    assertEquals("10-", occasions());
    at(20, Status.HEALTHY);
    at(24, Status.HEALTHY);
    assertEquals("10-", occasions());
    at(25, Status.HEALTHY);
    assertEquals("10-25", occasions());
    assertEquals(1, replay.occasions().recovered());
    assertEquals("at 2026-01-31T12:00:10Z", replay.occasions().listed().getFirst().evidence());
    assertEquals(6, replay.facts());
    assertEquals(START, replay.from());
    assertEquals(START.plusSeconds(25), replay.to());
    assertNull(replay.trouble());
  }

  @Test
  void aShortSpikeIsNoOccasion() {
    at(0, Status.ERROR);
    at(9, Status.HEALTHY);
    at(12, Status.ERROR);
    at(21, Status.DEGRADED);
    at(22, Status.ERROR);
    at(31, Status.ERROR);
    assertEquals("", occasions());
    at(32, Status.ERROR);
    assertEquals("32-", occasions());
  }

  @Test
  void whatWasOverTooLateDidNotRecoverInTime() {
    at(0, Status.ERROR);
    at(10, Status.ERROR);
    at(66, Status.HEALTHY);
    at(71, Status.HEALTHY);
    assertEquals("10-71", occasions());
    assertEquals(0, replay.occasions().recovered());
  }

  @Test
  void whatTheAgentReallyDidIsNotByItself() {
    at(0, Status.ERROR);
    at(5, remedy("component/a", "too_early"));
    at(10, Status.ERROR);
    at(11, remedy("component/b", "elsewhere"));
    at(12, remedy("component/a", "restart_worker"));
    at(13, remedy("component/a", "second"));
    at(20, Status.HEALTHY);
    at(25, Status.HEALTHY);
    assertEquals("10-25 restart_worker", occasions());
    assertEquals(0, replay.occasions().recovered());
  }

  private static Event remedy(String subject, String remedy) {
    return new IncidentEvent.RemedyStarted("id", subject, remedy, 1);
  }

  /** What was counted is forgotten with the process; the time of its absence does not count. */
  @Test
  void aRestartOfTheAgentBeginsToCountAnew() {
    at(0, Status.ERROR);
    at(9, Status.ERROR);
    at(500, new AgentEvent.Started("a", "1", 7));
    at(501, Status.ERROR);
    assertEquals("", occasions());
    at(511, Status.ERROR);
    assertEquals("511-", occasions());
  }

  @Test
  void anOccasionGoesOnOverARestart() {
    at(0, Status.ERROR);
    at(10, Status.ERROR);
    at(11, new AgentEvent.Stopping("a", "told"));
    at(20, new AgentEvent.Started("a", "1", 8));
    at(21, Status.ERROR);
    at(31, Status.ERROR);
    at(40, Status.HEALTHY);
    at(45, Status.HEALTHY);
    assertEquals("10-45", occasions());
  }

  @Test
  void aSubjectThatIsNoMoreHasNothingToHeal() {
    at(0, Status.ERROR);
    at(10, Status.ERROR);
    at(12, Status.UNAVAILABLE);
    assertEquals("10-12", occasions());
  }

  @Test
  void aWallClockThatIsSetBackDoesNotTurnTimeAround() {
    at(0, Status.ERROR);
    at(9, Status.ERROR);
    at(-3600, Status.ERROR);
    assertEquals("", occasions());
    at(10, Status.ERROR);
    assertEquals("10-", occasions());
  }

  @Test
  void aDetectorThatFailsIsToldAndTheRestIsReplayed() {
    at(0, Status.ERROR);
    at(1, new ComponentEvent.Changed("a", Status.ERROR, "throw"));
    at(10, Status.ERROR);
    assertEquals("10-", occasions());
    assertEquals(
        "its detector failed on 1 facts, first with"
            + " java.lang.IllegalStateException: as it was told",
        replay.trouble());
  }

  @Test
  void ofManyOccasionsTheFirstAreListedAndAllAreCounted() {
    int all = Occasions.MOST + 5;
    for (int i = 0; i < all; i++) {
      at(i * 100L, Status.ERROR);
      at(i * 100L + 10, Status.ERROR);
      at(i * 100L + 20, Status.HEALTHY);
      at(i * 100L + 25, Status.HEALTHY);
    }
    assertEquals(Occasions.MOST, replay.occasions().listed().size());
    assertEquals(5, replay.occasions().more());
    assertEquals(all, replay.occasions().recovered());
    assertEquals(
        List.of(), replay.occasions().listed().stream().filter(o -> o.cleared() == null).toList());
  }
}
