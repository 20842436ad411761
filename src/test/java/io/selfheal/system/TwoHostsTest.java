package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two agents on hosts of different names share a database; a job table is swept by one or both. */
@Timeout(180)
class TwoHostsTest {
  @TempDir private Path directory;

  @BeforeAll
  static void hostsCanBeNamed() throws InterruptedException {
    Assumptions.assumeTrue(
        canUnshare(), "this user may not name a host of its own (unshare --uts): run it as root");
  }

  private static boolean canUnshare() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "--uts", "hostname", "b").start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  @Test
  void aJobHeldOnAnotherHostIsLeftWhileItsWorkerLivesAndRescuedWhenTheAgentThereSeesItEnd()
      throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    try (AgentUnderTest a = agent(url, "a", JobTable.source("").replace("1h", "1s"));
        AgentUnderTest b = agent(url, "b", sleeper())) {
      b.startReady();
      a.startReady();
      long pid = b.awaitWorker("w.1");
      long job = table.hold("b:" + pid, 1);
      a.await("it is stuck by its age", () -> a.stuck().size() == 1);
      assertEquals("alive", a.stuck().getFirst().at("/verdict/ruling").asText(), a.log());
      assertTrue(a.stuck().toString().contains("agent b ("), a.log());
      // Whatever view is fresh, it is younger than that: the job was taken before.
      a.await(
          "it has run for a while",
          () ->
              table.number(
                      "SELECT count(*) FROM jobs WHERE started_at < now() - interval '14 seconds'")
                  == 1);
      assertEquals("running", table.state(job));
      Marked.kill(pid);
      a.await("it is rescued", () -> table.state(job).equals("ready"));
      assertEquals(1, table.rescues(job));
      a.await("it is told", () -> a.events("job.rescued").size() == 1);
      JsonNode rescued = a.events("job.rescued").getFirst();
      assertEquals("dead", rescued.at("/data/verdict/ruling").asText(), rescued.toString());
      assertTrue(rescued.toString().contains("agent b ("), rescued.toString());
    }
  }

  @Test
  void theHostOfTheHolderRescuesAndNobodyElseAsWell() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    String source = JobTable.source("").replace("1h", "1s");
    try (AgentUnderTest a = agent(url, "a", source);
        AgentUnderTest b = agent(url, "b", sleeper() + source)) {
      b.startReady();
      a.startReady();
      long pid = b.awaitWorker("w.1");
      long job = table.hold("b:" + pid, 100);
      a.await("they are stuck by their age", () -> a.stuck().size() == 100);
      assertEquals(0, table.number("SELECT count(*) FROM rescues"));
      Marked.kill(pid);
      a.await("all are rescued", () -> table.number("SELECT count(*) FROM rescues") == 100);
      a.await("nothing is stuck", () -> a.stuck().isEmpty());
      assertEquals(1, table.rescues(job));
      assertEquals(100, table.number("SELECT count(DISTINCT job_id) FROM rescues"));
    }
  }

  /** Its agent ended long before the other's started, and the worker there works on. */
  @Test
  void aJobThatAMachineOfTheSameNameMayHoldIsLeftThoughItsAgentIsSilentForLong() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    long pids = (ProcessHandle.current().pid() + 16_000) % 32_000 + 300;
    try (AgentUnderTest twin = agent(url, "twin", sleeper()).onMachine("same", pids);
        AgentUnderTest a = agent(url, "a", sleeper() + JobTable.source("")).onHost("same")) {
      twin.startReady();
      long pid = twin.awaitWorker("w.1");
      Assumptions.assumeTrue(
          Files.notExists(Path.of("/proc", String.valueOf(pid))),
          "pid " + pid + " of the other machine is one of this machine, too");
      twin.killThere();
      TestPostgres.execute(url, "UPDATE selfheal.views SET seen_at = seen_at - interval '1 hour'");
      long there = table.hold("same:" + pid, 1);
      a.startReady();
      long own = a.awaitWorker("w.1");
      long here = table.hold("same:" + own, 1);
      a.await("it is said", () -> a.log().contains("has this host's name, same"));
      a.await(
          "it has been looked at for longer than a view is fresh",
          () ->
              table.number(
                      "SELECT count(*) FROM jobs WHERE started_at < now() - interval '14 seconds'")
                  == 2);
      Marked.kill(own);
      a.await("a worker that was seen to end is dead", () -> table.state(here).equals("ready"));
      assertEquals("running", table.state(there), a.log());
    }
  }

  private static String sleeper() {
    return """
    workers:
      - name: w
        run: { command: [sleep, "100000"] }
    """;
  }

  private AgentUnderTest agent(PostgresUrl url, String name, String more) throws IOException {
    String config = "database: { url: \"" + url.reveal() + "\" }\n" + more;
    return AgentUnderTest.configured(directory, name, config).onHost(name);
  }
}
