package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Twenty processes that a real agent runs are killed together. */
@Timeout(120)
class StormTest {
  private static final int WORKERS = 20;
  private static final Duration WITHIN = Duration.ofSeconds(3);

  @TempDir private Path directory;

  private AgentUnderTest agent() throws Exception {
    Files.writeString(
        directory.resolve("rules.yaml"), "limits: { storm: { symptoms: 10, within: 3s } }\n");
    String config =
        """
        database: { url: "%s" }
        healing: { verify_for: 200ms }
        workers:
          - name: lone
            run: { command: [sleep, "100000"], instances: 1 }
          - name: w
            run: { command: [sleep, "100000"], instances: %d }
        """;
    return AgentUnderTest.configured(
        directory, "storm", config.formatted(TestPostgres.freshDatabase().reveal(), WORKERS));
  }

  private static void kill(List<Long> pids) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-9"));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    assertEquals(0, new ProcessBuilder(command).start().waitFor());
  }

  private static List<Long> pids(AgentUnderTest agent) throws Exception {
    List<Long> pids = new ArrayList<>();
    for (int i = 1; i <= WORKERS; i++) {
      pids.add(agent.awaitWorker("w." + i));
    }
    return pids;
  }

  private static Stream<JsonNode> about(AgentUnderTest agent, String symptom) throws Exception {
    return agent.incidents().stream().filter(one -> one.path("symptom").asText().equals(symptom));
  }

  private static Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Whether a storm stood against its restart. */
  private static boolean held(JsonNode incident) {
    return all(incident.path("guardrails"))
        .anyMatch(
            one -> one.path("name").asText().equals("storm") && !one.path("allowed").asBoolean());
  }

  private static Instant at(JsonNode incident, String field) {
    return Instant.parse(incident.path(field).asText());
  }

  private static Instant restarted(JsonNode incident) {
    return at(restart(incident), "started_at");
  }

  /** When its new process was there. */
  private static Instant there(JsonNode incident) {
    return at(restart(incident), "ended_at");
  }

  private static JsonNode restart(JsonNode incident) {
    return all(incident.path("steps"))
        .filter(step -> step.path("remedy").asText().equals("restart_worker"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneIsHealedAtOnceAndTwentyTogetherAreHeldAndComeBackAFewAtATime() throws Exception {
    try (AgentUnderTest agent = agent()) {
      agent.startReady();
      List<Long> before = pids(agent);
      kill(List.of(agent.awaitWorker("lone.1")));
      agent.await("one is healed", () -> about(agent, "worker.lost").count() == 1);
      agent.await("one is healed", () -> agent.openIncidents() == 0);
      JsonNode lone = agent.incidents().getFirst();
      assertEquals("closed", lone.path("state").asText());
      assertTrue(lone.path("caused_by").isNull());
      assertFalse(held(lone));

      kill(before);
      agent.await("the storm is told of", () -> about(agent, "storm").count() == 1);
      agent.await("all of it is over", () -> agent.openIncidents() == 0);
      JsonNode storm = about(agent, "storm").findFirst().orElseThrow();
      tells(storm);
      List<JsonNode> fell =
          about(agent, "worker.lost")
              .filter(one -> one.path("subject").asText().startsWith("worker/w."))
              .toList();
      assertEquals(WORKERS, fell.size());
      for (JsonNode one : fell) {
        assertEquals("closed", one.path("state").asText(), one.toString());
        assertEquals(storm.path("id"), one.path("caused_by"), one.toString());
      }
      comeBack(fell.stream().filter(StormTest::held).toList(), fell);
      for (long pid : pids(agent)) {
        assertFalse(before.contains(pid));
      }
      told(agent, storm, fell.getFirst());
    }
  }

  private static void tells(JsonNode storm) {
    assertEquals("host", storm.path("subject").asText());
    String summary = storm.path("summary").asText();
    assertTrue(summary.startsWith("20 subjects fell sick within "), summary);
    for (String part : List.of("w.20", "20 of 20: died", "worker w", "ended by signal 9 (KILL)")) {
      assertTrue(summary.contains(part), summary);
    }
    assertEquals("self_recovered", storm.path("state").asText(), storm.toString());
    assertTrue(storm.path("result").asText().contains("20 healed"), storm.toString());
  }

  /** Those that were held begin when it is over; so many as share them are out of work at once. */
  private static void comeBack(List<JsonNode> held, List<JsonNode> fell) {
    // Those that fell before it was known to be a storm may have been started by then.
    assertTrue(held.size() > WORKERS / 2, () -> held.size() + " were held");
    Instant first = fell.stream().map(one -> at(one, "opened_at")).min(Instant::compareTo).get();
    for (JsonNode one : held) {
      assertFalse(restarted(one).isBefore(first.plus(WITHIN)), one.toString());
      long together =
          held.stream()
              .filter(other -> !restarted(other).isAfter(restarted(one)))
              .filter(other -> there(other).isAfter(restarted(one)))
              .count();
      assertTrue(together <= WORKERS / 2, () -> together + " at once");
    }
    long moments = held.stream().map(StormTest::restarted).distinct().count();
    assertTrue(moments >= 4, () -> "they came back in " + moments + " goes");
  }

  private static void told(AgentUnderTest agent, JsonNode storm, JsonNode one) throws Exception {
    String id = Objects.requireNonNull(storm.path("id").asText());
    String why = agent.run("why", one.path("id").asText()).out();
    assertTrue(why.contains("A consequence of incident " + id), why);
    String whole = agent.run("why", id).out();
    assertTrue(
        IntStream.rangeClosed(1, WORKERS).allMatch(i -> whole.contains("w." + i + " (")), whole);
  }
}
