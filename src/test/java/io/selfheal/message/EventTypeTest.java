package io.selfheal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EventTypeTest {
  @Test
  void namesComeFromTheConcernAndTheRecord() {
    assertEquals("worker.lost", EventType.of(WorkerEvent.Lost.class));
    assertEquals("incident.remedy_started", EventType.of(IncidentEvent.RemedyStarted.class));
    assertEquals("breaker.half_opened", EventType.of(BreakerEvent.HalfOpened.class));
    assertEquals("sweep.finished", EventType.of(SweepEvent.Finished.class));
  }
}
