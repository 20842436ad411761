package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worker of a job is killed while somebody else has its row locked: the rescue is tried again
 * until the row is free, and says meanwhile who has it.
 */
@Timeout(180)
class LockedRowTest {
  private static final String LOCKED = "tried again until its row is free: it is locked by pid ";

  @TempDir private Path directory;

  private final PostgresUrl url = TestPostgres.freshDatabase();

  @Test
  void theJobIsRescuedAsSoonAsItsRowIsFree() throws Exception {
    JobTable jobs = JobTable.create(url);
    try (Connection other = TestPostgres.connect(url);
        Statement statement = other.createStatement();
        AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config())) {
      agent.startReady();
      long job = jobs.hold(agent.awaitWorker("w.1"), 1);
      statement.execute("SET application_name = 'nightly report'");
      other.setAutoCommit(false);
      statement.execute("SELECT FROM jobs FOR UPDATE");
      LibraryPremises.kill(agent.workerPid("w.1"));
      agent.await("it is said why it waits", () -> !deferred(agent).isEmpty());
      isShown(agent, job);
      assertEquals("running", jobs.state(job));

      other.rollback();
      agent.await("it is rescued", () -> jobs.state(job).equals("ready"));
      agent.await("it is over", () -> agent.openIncidents() == 0);
      String whole = agent.incidents().toString();
      // Where a look comes before the death is noticed, or on a busy host long after, the source
      // has
      // an incident, too; whichever comes first rescues the job.
      List<String> states = new ArrayList<>();
      for (JsonNode incident : agent.incidents()) {
        states.add(incident.path("state").asText());
        assertEquals(1, requeues(incident), whole);
      }
      assertTrue(states.contains("closed"), whole);
      assertTrue(Set.of("closed", "self_recovered").containsAll(states), whole);
      assertEquals(1, jobs.rescues(job));
      // What has not changed is said once.
      assertTrue(deferred(agent).size() <= agent.incidents().size(), whole);
      assertEquals(1, agent.events("job.left").size());
    }
  }

  private String config() {
    return "database: { url: \"%s\" }\n".formatted(url.reveal())
        + "workers:\n  - name: w\n    run: { command: [sleep, \"1000\"] }\n"
        + JobTable.source("worker: w,");
  }

  private static Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static List<String> deferred(AgentUnderTest agent) throws Exception {
    return agent.incidents().stream()
        .flatMap(incident -> all(incident.path("timeline")))
        .filter(entry -> entry.path("kind").asText().equals("deferred"))
        .map(entry -> entry.path("text").asText())
        .toList();
  }

  private static long requeues(JsonNode incident) {
    return all(incident.path("steps"))
        .filter(step -> step.path("remedy").asText().equals("requeue_jobs"))
        .count();
  }

  private static void isShown(AgentUnderTest agent, long job) throws Exception {
    tells(deferred(agent).getFirst());
    tells(agent.run("jobs", "stuck").out());
    tells(agent.run("why", "jobs/" + job).out());
    String told = agent.incidents().getFirst().path("id").asText();
    agent.await("the newest tells it", () -> agent.run("why", told).out().contains(" locked by"));
    tells(agent.run("why", told).out());
  }

  private static void tells(String said) {
    String line = said.replaceAll("\\s+", " ");
    assertTrue(line.contains(LOCKED), said);
    assertTrue(line.contains(" (nightly report, "), said);
    assertTrue(line.contains("idle in transaction"), said);
    assertTrue(line.contains(": SELECT FROM jobs FOR UPDATE"), said);
  }
}
