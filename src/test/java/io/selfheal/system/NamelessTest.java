package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose rows do not say who holds them, of a source that belongs to one worker only. */
@Timeout(180)
class NamelessTest {
  private static final String ONLY = "{ worker: w, only: true }";

  @TempDir private Path directory;

  private AgentUnderTest agent(PostgresUrl url, int instances) throws Exception {
    Sleeper worker = new Sleeper(directory.resolve("starts"));
    return AgentUnderTest.configured(
        directory,
        "agent",
        "database: { url: \""
            + url.reveal()
            + "\" }\n"
            + worker.run(instances, "")
            + JobTable.nameless(ONLY));
  }

  @Test
  void theJobOfAKilledWorkerIsRequeuedThoughItsRowNamesNobody() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    try (AgentUnderTest agent = agent(url, 1).startReady()) {
      long pid = agent.awaitWorker("w.1");
      long job = table.hold(pid, 1);
      seen(agent, table);
      new ProcessBuilder("kill", "-9", Long.toString(pid)).inheritIO().start().waitFor();
      agent.await("the job is ready again", () -> table.state(job).equals("ready"));
      assertEquals(1, table.rescues(job));
      agent.await("the worker runs again", () -> agent.workerPid("w.1") != pid);
      agent.await("it is told", () -> !agent.events("job.rescued").isEmpty());
      String why = agent.events("job.rescued").getFirst().toString();
      assertTrue(why.contains("process of w "), why);
    }
  }

  /**
   * Which of the two had the job nobody can say. The other one lives on, may work on it, and
   * another attempt beside it would run the job twice.
   */
  @Test
  void whileAnotherProcessThatCouldHoldItLivesTheJobIsLeft() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    try (AgentUnderTest agent = agent(url, 2).startReady()) {
      long pid = agent.awaitWorker("w.1");
      long other = agent.awaitWorker("w.2");
      long job = table.hold(pid, 1);
      seen(agent, table);
      new ProcessBuilder("kill", "-9", Long.toString(pid)).inheritIO().start().waitFor();
      agent.await("the first runs again", () -> agent.workerPid("w.1") != pid);
      // A whole sweep after that.
      assertEquals(200, agent.post("/api/v1/jobs/sweep", "{\"source\": \"jobs\"}").statusCode());
      assertEquals("running", table.state(job));
      assertEquals(other, agent.workerPid("w.2"));
      new ProcessBuilder("kill", "-9", Long.toString(other)).inheritIO().start().waitFor();
      agent.await("the job is ready again", () -> table.state(job).equals("ready"));
      assertEquals(1, table.rescues(job));
    }
  }

  /**
   * What the killed process started lives on and may have the job. Age alone would decide in an
   * hour; that it does, and why nothing else can, is told at once.
   */
  @Test
  void whileAChildOfTheKilledWorkerLivesTheJobIsShown() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    Sleeper worker = new Sleeper(directory.resolve("starts"));
    String config =
        "database: { url: \""
            + url.reveal()
            + "\" }\n"
            + worker.parent("")
            + JobTable.nameless(ONLY);
    try (AgentUnderTest agent =
        AgentUnderTest.configured(directory, "agent", config).startReady()) {
      long pid = agent.awaitWorker("w.1");
      agent.await("it has a child", () -> children(pid).size() == 1);
      ProcessHandle child = children(pid).getFirst();
      try {
        long job = table.hold(pid, 1);
        seen(agent, table);
        assertEquals("No job is stuck.\n", agent.run("jobs", "stuck").out());
        new ProcessBuilder("kill", "-9", Long.toString(pid)).inheritIO().start().waitFor();
        agent.await("the first runs again", () -> agent.workerPid("w.1") != pid);
        String stuck = agent.run("jobs", "stuck").out();
        assertTrue(stuck.contains("jobs/" + job + "  held by -, unknown  ->  "), stuck);
        assertTrue(
            stuck.contains("its worker seems gone, but that is not proven; age alone decides in"),
            stuck);
        String lives = "    - pid %d (sleep) lives and may work on the job: ";
        assertTrue(stuck.contains(lives.formatted(child.pid())), stuck);
        assertTrue(stuck.contains("the last that could have taken it, w.1, ended"), stuck);
        assertEquals("running", table.state(job));
        child.destroyForcibly();
        agent.await("the job is ready again", () -> table.state(job).equals("ready"));
      } finally {
        child.destroyForcibly();
      }
    }
  }

  private static List<ProcessHandle> children(long pid) {
    return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList();
  }

  /**
   * A sweep that changes nothing: the agent has read the running job then, and knows it. What
   * starts within a tenth of a second after that may have been there before, as far as it knows.
   */
  private static void seen(AgentUnderTest agent, JobTable table) throws Exception {
    String dry = "{\"source\": \"jobs\", \"dry_run\": true}";
    HttpResponse<String> answer = agent.post("/api/v1/jobs/sweep", dry);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(1, Json.mapper().readTree(answer.body()).path("looked").asInt(), answer.body());
    String read = table.text("SELECT clock_timestamp()");
    agent.await(
        "a second has passed",
        () ->
            table.number(
                    "SELECT count(*) FROM jobs WHERE clock_timestamp() > '"
                        + read
                        + "'::timestamptz + interval '1 second'")
                == 1);
  }
}
