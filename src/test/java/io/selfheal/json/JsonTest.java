package io.selfheal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.selfheal.message.Incident;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Severity;
import io.selfheal.message.SweepEvent;
import io.selfheal.message.WorkerRequests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesTheHouseSpelling() {
    assertEquals(
        "{\"source\":\"images\",\"looked\":3,\"stuck\":1,\"rescued\":1,\"took_ms\":1500,"
            + "\"error\":null,\"incident_id\":null}",
        Json.text(new SweepEvent.Finished("images", 3, 1, 1, Duration.ofMillis(1500), null, null)));
  }

  @Test
  void anIncidentIsReadBackAsItWas() throws IOException {
    Instant at = Instant.parse("2026-01-02T03:04:05.678901Z");
    Incident incident =
        new Incident(
            "id",
            "worker.lost",
            "worker/a.1",
            "agent",
            "worker_lost",
            "1",
            Severity.CRITICAL,
            Incident.State.HEALING,
            "lost",
            "{}",
            at,
            null,
            null,
            List.of(new Incident.Entry(at, "seen", "gone")),
            List.of(new Incident.Guardrail(at, "pause", "restart_worker", true, "not paused")),
            List.of(
                new Incident.Step(
                    "restart_worker",
                    "a.1",
                    new ProcessIdentity("boot", 4711, 99),
                    Incident.StepState.ENDED,
                    1,
                    at,
                    at,
                    Outcome.DONE,
                    "pid 5")));
    assertEquals(incident, Json.read(Json.bytes(incident), Incident.class));
  }

  /** What an agent of the version before has left open is taken up. */
  @Test
  void readsAnIncidentOfTheVersionBefore() throws IOException {
    String before =
        """
        {"id":"id","symptom":"worker.lost","subject":"worker/a.1","agent":"agent",
         "rule":"lost_worker","rule_version":1,"severity":"critical","state":"healing",
         "summary":"lost","cause":"{}","opened_at":"2026-01-02T03:04:05Z","closed_at":null,
         "result":null,"timeline":[],"guardrails":[],"steps":[{"remedy":"restart_worker",
         "target":"a.1","process":null,"state":"planned","attempt":1,"started_at":null,
         "ended_at":null,"outcome":null,"detail":null}]}""";
    Incident read = Json.read(before.getBytes(StandardCharsets.UTF_8), Incident.class);
    assertEquals("1", read.ruleVersion());
    assertEquals(null, read.steps().getFirst().undo());
  }

  @Test
  void readsOptionalNumbers() throws IOException {
    WorkerRequests.Heartbeat beat =
        new WorkerRequests.Heartbeat("w", OptionalLong.of(7), List.of("1"), null);
    assertEquals(beat, Json.read(Json.bytes(beat), WorkerRequests.Heartbeat.class));
  }

  @Test
  void refusesWhatIsUnknownDoubledOrBehindTheEnd() {
    for (String bad :
        List.of(
            "{\"boot_id\":\"b\",\"pid\":1,\"start_ticks\":2,\"extra\":3}",
            "{\"boot_id\":\"b\",\"pid\":1,\"pid\":1,\"start_ticks\":2}",
            "{\"boot_id\":\"b\",\"pid\":1,\"start_ticks\":2} x",
            "{\"boot_id\":\"b\",\"pid\":\"1\",\"start_ticks\":2}",
            "{\"boot_id\":\"b\",\"pid\":null,\"start_ticks\":2}")) {
      assertThrows(
          IOException.class,
          () -> Json.read(bad.getBytes(StandardCharsets.UTF_8), ProcessIdentity.class),
          bad);
    }
  }

  record Flagged(String name, boolean late) {}

  @Test
  void aFlagThatIsAbsentIsFalseAndNullIsAnError() throws Exception {
    assertEquals(new Flagged("a", false), flagged("{\"name\":\"a\"}"));
    assertEquals(new Flagged("a", true), flagged("{\"name\":\"a\",\"late\":true}"));
    for (String wrong : List.of("null", "1", "\"true\"")) {
      assertThrows(IOException.class, () -> flagged("{\"name\":\"a\",\"late\":" + wrong + "}"));
    }
  }

  private static Flagged flagged(String json) throws IOException {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Flagged.class);
  }
}
