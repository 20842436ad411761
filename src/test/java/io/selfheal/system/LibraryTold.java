package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an agent tells of single jobs: why it left them, and what its rescues rest on. */
final class LibraryTold {
  /** How long each rescue took, for people. */
  final List<String> took = new CopyOnWriteArrayList<>();

  private final AgentUnderTest agent;

  LibraryTold(AgentUnderTest agent) {
    this.agent = agent;
  }

  /** Waits until the agent watches a process. */
  void awaitSeen(String instance) throws InterruptedException {
    agent.await(
        instance + " is seen",
        () -> agent.instance(instance).path("liveness").asText().equals("running"));
  }

  /** A sweep of one source by hand that changes nothing; it is whole when this returns. */
  void sweepsNothing(String source) throws Exception {
    String answer = agent.post("/api/v1/jobs/sweep", "{\"source\": \"" + source + "\"}").body();
    JsonNode swept = Json.mapper().readTree(answer);
    assertEquals(0, swept.path("rescued").asInt(-1), answer);
  }

  /**
   * Waits until what the agent shows of a job is that it is left, for a reason with its evidence.
   */
  void awaitLeft(String source, String job, String ruling, String why) throws InterruptedException {
    agent.await(
        "it is left, " + ruling + ": " + why,
        () -> {
          List<JsonNode> stuck = agent.stuck();
          JsonNode one =
              stuck.stream()
                  .filter(each -> each.path("source").asText().equals(source))
                  .filter(each -> each.path("job_id").asText().equals(job))
                  .findFirst()
                  .orElseThrow(() -> new IOException("it is not among " + stuck));
          if (!one.path("effect").asText().equals("leave")
              || !one.at("/verdict/ruling").asText().equals(ruling)
              || !one.toString().contains(why)) {
            throw new IOException(one.toString());
          }
          return true;
        });
  }

  /** Waits for the one rescue of a job, as the journal has it. */
  JsonNode rescued(String source, String job) throws Exception {
    agent.await("the rescue of " + job + " is told", () -> !rescues(source, job).isEmpty());
    List<JsonNode> told = rescues(source, job);
    assertEquals(1, told.size(), told.toString());
    return told.getFirst();
  }

  private List<JsonNode> rescues(String source, String job) throws Exception {
    return agent.events("job.rescued").stream()
        .filter(event -> event.at("/data/source").asText().equals(source))
        .filter(event -> event.at("/data/job_id").asText().equals(job))
        .toList();
  }

  /** A rescue rests on a death, which is said in words, and a person finds all that by the job. */
  void explains(JsonNode rescue, String effect, String evidence) throws Exception {
    assertEquals(effect, rescue.at("/data/effect").asText(), rescue.toString());
    assertEquals("dead", rescue.at("/data/verdict/ruling").asText(), rescue.toString());
    assertTrue(
        rescue.at("/data/verdict/evidence").toString().contains(evidence), rescue.toString());
    String job = rescue.at("/data/source").asText() + "/" + rescue.at("/data/job_id").asText();
    AgentUnderTest.Ran why = agent.run("why", job);
    assertEquals(0, why.exit(), why.err());
    assertTrue(why.out().contains("  " + effect + ": its holder is gone"), why.out());
    assertTrue(why.out().contains(evidence), why.out());
  }

  /**
   * The holder of a job is proven dead; the agent touches nothing, and all that it tells of the job
   * says what happened and what a person can do.
   */
  void leaves(String source, String job, String evidence, String why, String remedy)
      throws Exception {
    String reason = "its holder is gone; not touched, because " + why;
    awaitLeft(source, job, "dead", reason);
    sweepsNothing(source);
    for (AgentUnderTest.Ran told :
        List.of(
            agent.run("jobs", "stuck", "--source", source), agent.run("why", source + "/" + job))) {
      assertEquals(0, told.exit(), told.err());
      for (String part : List.of(evidence, reason, "what a person can do: " + remedy)) {
        assertTrue(told.out().contains(part), part + " is not in " + told.out());
      }
    }
    List<JsonNode> left =
        agent.events("job.left").stream()
            .filter(event -> event.at("/data/source").asText().equals(source))
            .toList();
    assertEquals(1, left.size(), "it is told once: " + left);
    assertEquals(List.of(), rescues(source, job));
  }

  /** The agent saw the holder gone before it took the job from it. */
  void goneBefore(String instance, JsonNode rescue) throws Exception {
    List<JsonNode> events = agent.events("worker.stopped,worker.lost,job.rescued");
    int gone = 0;
    while (!events.get(gone).at("/data/instance").asText().equals(instance)) {
      gone++;
    }
    assertTrue(gone < events.indexOf(rescue), events.toString());
  }

  /** Notes how long a rescue took. */
  void took(String what, Instant since, JsonNode rescue) {
    Instant told = Instant.parse(rescue.path("time").asText());
    took.add(what + " " + Duration.between(since, told).toMillis() + " ms");
  }
}
