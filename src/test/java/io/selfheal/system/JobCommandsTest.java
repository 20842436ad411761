package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code jobs}, each a process of its own, beside a running agent whose healing is paused. */
@Timeout(180)
class JobCommandsTest {
  @TempDir private Path directory;

  @Test
  void aJobOfADeadProcessIsShownWithItsEvidenceAndRescuedByHand() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(url);
    String config = "database: { url: \"%s\" }\n".formatted(url.reveal()) + JobTable.source("");
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config)) {
      agent.startReady();
      agent.post("/api/v1/healing/pause", "{\"reason\":\"a test\"}");
      assertEquals("No job is stuck.", agent.run("jobs", "stuck").out().strip());
      Process gone = new ProcessBuilder("true").start();
      gone.waitFor();
      long job = jobs.hold(gone.pid(), 1);
      stuck(agent, "jobs/" + job, gone.pid());
      sweeps(agent, jobs, job);
      AgentUnderTest.Ran sources = agent.run("jobs", "sources");
      assertEquals(0, sources.exit(), sources.out() + sources.err());
      assertTrue(sources.out().contains("public.jobs"), sources.out());
      refuses(agent);
    }
  }

  private static void stuck(AgentUnderTest agent, String job, long pid) throws Exception {
    AgentUnderTest.Ran stuck = agent.run("jobs", "stuck", "--source", "jobs");
    assertEquals(0, stuck.exit(), stuck.err());
    assertTrue(stuck.out().startsWith(job + "  held by "), stuck.out());
    assertTrue(stuck.out().contains("dead  ->  next sweep: requeue"), stuck.out());
    assertTrue(stuck.out().contains("- no process " + pid), stuck.out());
    AgentUnderTest.Ran json = agent.run("jobs", "stuck", "-o", "json");
    assertEquals("jobs", Json.mapper().readTree(json.out()).at("/jobs/0/source").asText());
  }

  private static void sweeps(AgentUnderTest agent, JobTable jobs, long job) throws Exception {
    AgentUnderTest.Ran dry = agent.run("jobs", "sweep", "--dry-run");
    assertEquals(0, dry.exit(), dry.err());
    assertTrue(dry.out().startsWith("Would rescue 1 of 1 running jobs"), dry.out());
    assertEquals("running", jobs.state(job));
    AgentUnderTest.Ran done = agent.run("jobs", "sweep", "--source", "jobs");
    assertEquals(0, done.exit(), done.err());
    assertTrue(done.out().startsWith("Rescued 1 of 1 running jobs"), done.out());
    assertEquals("ready", jobs.state(job));
    assertEquals(1, jobs.rescues(job));
  }

  private static void refuses(AgentUnderTest agent) throws Exception {
    AgentUnderTest.Ran unknown = agent.run("jobs", "sweep", "--source", "mails");
    assertEquals(1, unknown.exit());
    assertTrue(unknown.err().contains("configured are [jobs]"), unknown.err());
  }
}
