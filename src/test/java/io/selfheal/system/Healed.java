package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What an agent says of the incidents of its rules. */
final class Healed {
  /** A machine of the tests that does much at once is late by so much at most. */
  private static final Duration SLOW = Duration.ofSeconds(15);

  private final AgentUnderTest agent;
  private final SortedSet<String> expected = new TreeSet<>();

  Healed(AgentUnderTest agent) {
    this.agent = agent;
  }

  /**
   * A fault.
   *
   * @param caused just before it was
   * @param stated within which the symptom promises to be seen
   */
  record Fault(String rule, String symptom, String subject, Instant caused, Duration stated) {}

  private static Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Waits until the one incident of a rule about a subject is over. */
  JsonNode over(String rule, String subject) throws IOException, InterruptedException {
    expected.add(rule + " " + subject);
    agent.await(
        rule + " " + subject + " is over",
        () ->
            of(rule, subject).stream()
                .anyMatch(one -> one.path("closed_at").asText().length() > 9));
    List<JsonNode> found = of(rule, subject);
    assertEquals(1, found.size(), found.toString());
    return found.getFirst();
  }

  private List<JsonNode> of(String rule, String subject) throws IOException, InterruptedException {
    return agent.incidents().stream()
        .filter(one -> one.path("rule").asText().equals(rule))
        .filter(one -> one.path("subject").asText().equals(subject))
        .toList();
  }

  /** Whether a remedy of a rule's only incident is done. */
  boolean done(String rule, String remedy) throws IOException, InterruptedException {
    return agent.incidents().stream()
        .filter(one -> one.path("rule").asText().equals(rule))
        .anyMatch(one -> remedies(one).contains(remedy + " done"));
  }

  private static List<String> remedies(JsonNode incident) {
    return all(incident.path("steps"))
        .map(step -> step.path("remedy").asText() + " " + step.path("outcome").asText())
        .toList();
  }

  /** It was seen in time, and healed by a remedy, and that was measured. */
  void by(Fault fault, String remedy) throws IOException, InterruptedException {
    JsonNode incident = beside(fault);
    String whole = incident.toPrettyString();
    assertEquals("closed", incident.path("state").asText(), whole);
    assertTrue(remedies(incident).contains(remedy + " done"), whole);
    assertTrue(
        all(incident.path("timeline"))
            .filter(entry -> entry.path("kind").asText().equals("verified"))
            .anyMatch(entry -> entry.path("text").asText().contains("gone for ")),
        whole);
  }

  /** It was seen in time, and is measured gone, whoever healed it. */
  JsonNode beside(Fault fault) throws IOException, InterruptedException {
    JsonNode incident = over(fault.rule(), fault.subject());
    String whole = incident.toPrettyString();
    assertEquals(fault.symptom(), incident.path("symptom").asText());
    assertEquals(version(fault.rule()), incident.path("rule_version").asText());
    assertFalse(incident.path("state").asText().equals("escalated"), whole);
    Instant opened = Instant.parse(incident.path("opened_at").asText());
    Instant closed = Instant.parse(incident.path("closed_at").asText());
    Duration took = Duration.between(fault.caused(), opened);
    System.out.printf(
        "%-12s %-20s seen after %5.1f s (stated %2d s), over after %5.1f s: %s%n",
        fault.rule(),
        fault.symptom(),
        took.toMillis() / 1e3,
        fault.stated().toSeconds(),
        Duration.between(opened, closed).toMillis() / 1e3,
        incident.path("result").asText());
    assertTrue(took.compareTo(fault.stated().plus(SLOW)) < 0, whole);
    return incident;
  }

  private String version(String rule) throws IOException, InterruptedException {
    return rule(agent, rule).path("version").asText();
  }

  private static JsonNode rule(AgentUnderTest agent, String rule)
      throws IOException, InterruptedException {
    return all(agent.json("/api/v1/rules").path("rules"))
        .filter(one -> one.path("name").asText().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  /** How the first subject of a rule stands. */
  static String presence(AgentUnderTest agent, String rule)
      throws IOException, InterruptedException {
    return rule(agent, rule).path("subjects").path(0).path("presence").asText();
  }

  /** Whether a source can be read. */
  static boolean counted(AgentUnderTest agent, String source)
      throws IOException, InterruptedException {
    return all(agent.json("/api/v1/jobs/sources").path("sources"))
        .filter(one -> one.path("name").asText().equals(source))
        .anyMatch(one -> one.path("problem").isNull());
  }

  /** Whether a process of a worker runs. */
  static boolean runs(AgentUnderTest agent, String worker, long pid)
      throws IOException, InterruptedException {
    return all(agent.json("/api/v1/workers").path("workers"))
        .filter(one -> one.path("id").asText().equals(worker))
        .flatMap(one -> all(one.path("processes")))
        .anyMatch(one -> one.path("process").path("pid").asLong() == pid);
  }

  /** How often an instance was started. */
  long starts(String instance) throws IOException, InterruptedException {
    return agent.events("worker.started").stream()
        .filter(event -> event.path("subject").asText().equals("worker/" + instance))
        .count();
  }

  /** Rules and subjects that were waited for. */
  SortedSet<String> expected() {
    return expected;
  }

  /** Those of all incidents that rules opened. */
  SortedSet<String> seen() throws IOException, InterruptedException {
    SortedSet<String> seen = new TreeSet<>();
    for (JsonNode one : agent.incidents()) {
      if (!one.path("symptom").asText().contains(".")) {
        seen.add(one.path("rule").asText() + " " + one.path("subject").asText());
      }
    }
    return seen;
  }
}
