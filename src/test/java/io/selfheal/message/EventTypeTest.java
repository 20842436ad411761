package io.selfheal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventTypeTest {
  @Test
  void namesComeFromTheConcernAndTheRecord() {
    assertEquals("worker.lost", EventType.of(WorkerEvent.Lost.class));
    assertEquals("incident.remedy_started", EventType.of(IncidentEvent.RemedyStarted.class));
    assertEquals("breaker.half_opened", EventType.of(BreakerEvent.HalfOpened.class));
    assertEquals("breaker.forced", EventType.of(BreakerEvent.Forced.class));
    assertEquals("limit.reached", EventType.of(LimitEvent.Reached.class));
    assertEquals("budget.exhausted", EventType.of(BudgetEvent.Exhausted.class));
    assertEquals("sweep.finished", EventType.of(SweepEvent.Finished.class));
    assertEquals("error", EventType.of(ErrorEvent.Error.class));
  }

  @Test
  void aRecordIsFoundByItsTypeAndNothingElseIs() {
    assertEquals(Optional.of(WorkerEvent.Lost.class), EventType.named("worker.lost"));
    assertEquals(Optional.of(SymptomEvent.Seen.class), EventType.named("symptom.seen"));
    assertEquals(Optional.empty(), EventType.named("worker"));
    assertEquals(Optional.empty(), EventType.named("worker.Lost"));
  }
}
