package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A good source of one worker, and beside it one that is broken and one that is removed. */
@Timeout(180)
class BrokenSourceTest {
  @TempDir private Path directory;

  private static String more(String name) {
    return """
      - name: %1$s
        table: public.%1$s
        columns: { id: id, state: state, started: started_at, attempts: attempts, holder: holder }
        states: { ready: ready, running: running, failed: failed }
        holder: { format: "{host}:{pid}" }
        stuck_after: 1h
        sweep_every: 200ms
    """
        .formatted(name);
  }

  @Test
  void neitherHoldsUpAnIncident() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(url);
    TestPostgres.execute(url, "CREATE TABLE enum (LIKE jobs INCLUDING ALL)");
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    String config =
        "database: { url: \"%s\" }\nhealing: { verify_for: 0s }\n".formatted(url.reveal())
            + sleeper.run(1, "")
            + JobTable.source("worker: w,")
            + more("enum")
            + more("mails");
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config)) {
      agent.startReady();
      aDeadWorkerIsHealed(agent, jobs, sleeper);
      aRemovedSourceEndsItsIncident(agent, url);
    }
  }

  private static void aDeadWorkerIsHealed(AgentUnderTest agent, JobTable jobs, Sleeper sleeper)
      throws Exception {
    long pid = agent.awaitWorker("w.1");
    agent.await("it works", () -> sleeper.started(pid));
    long job = jobs.hold(pid, 1);
    Marked.kill(pid);
    JsonNode incident = over(agent, 1);
    assertEquals("ready", jobs.state(job));
    assertEquals("closed", incident.path("state").asText(), incident::toString);
    String result = incident.path("result").asText();
    assertTrue(result.contains("1 job requeued"), result);
    assertFalse(result.contains("not swept"), "nothing ties the broken one to it: " + result);
    String detail = agent.check("jobs").path("detail").asText();
    assertTrue(detail.contains("mails: the table public.mails does not exist"), detail);
  }

  private void aRemovedSourceEndsItsIncident(AgentUnderTest agent, PostgresUrl url)
      throws Exception {
    agent.post("/api/v1/healing/pause", "{\"reason\":\"a test\"}");
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    TestPostgres.execute(
        url,
        "INSERT INTO enum (state, holder, started_at) VALUES ('running', '%s:%d', now())"
            .formatted(AgentUnderTest.host(), gone.pid()));
    agent.await("its job is an incident", () -> agent.openIncidents() == 1);
    agent.terminate();
    agent.exit();
    Path file = directory.resolve("agent.yaml");
    Files.writeString(file, Files.readString(file).replace(more("enum"), ""));
    agent.startReady();
    agent.post("/api/v1/healing/resume", "{\"reason\":\"a test\"}");
    JsonNode incident = over(agent, 2);
    assertEquals("escalated", incident.path("state").asText(), incident::toString);
    String result = incident.path("result").asText();
    assertTrue(result.contains("no source is named \"enum\"; there is: jobs, mails"), result);
  }

  /** Waits until so many incidents were, and none is open; gives the newest. */
  private static JsonNode over(AgentUnderTest agent, int count) throws Exception {
    agent.await(
        "the incident is over",
        () -> agent.incidents().size() == count && agent.openIncidents() == 0);
    return agent.incidents().getFirst();
  }
}
