package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two agents share one database and one job table. */
@Timeout(180)
class TwoAgentsTest {
  /** Of more than a thousand in one sweep, not each is told. */
  private static final int JOBS = 900;

  private static final int MOST_ROUNDS = 20;

  @TempDir private Path directory;

  @Test
  void eachStuckJobIsRescuedOnce() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    String config =
        "database: { url: \"" + url.reveal() + "\" }\n" + JobTable.source("") + "    batch: 50\n";
    long gone = aProcessThatIsGone();
    int jobs = 0;
    try (AgentUnderTest one = AgentUnderTest.configured(directory, "one", config);
        AgentUnderTest two = AgentUnderTest.configured(directory, "two", config)) {
      one.start();
      two.start();
      one.awaitReady();
      two.awaitReady();
      // Until both have taken part: which of them comes first is chance.
      for (int i = 0; i < MOST_ROUNDS && rescuers(table).size() < 2; i++) {
        table.hold(gone, JOBS);
        jobs += JOBS;
        one.await("no job is stuck", () -> table.number(running()) == 0);
        one.await("it is over", () -> one.openIncidents() == 0);
        two.await("it is over", () -> two.openIncidents() == 0);
        long all = jobs;
        one.await("told", () -> table.number(told()) >= all);
      }
      assertEquals(jobs, table.number("SELECT count(*) FROM rescues"));
      assertEquals(jobs, table.number("SELECT count(DISTINCT job_id) FROM rescues"));
      assertEquals(jobs, table.number("SELECT count(*) FROM jobs WHERE state = 'ready'"));
      assertEquals(jobs, table.number(told()));
      assertEquals(List.of("one", "two"), rescuers(table));
      for (AgentUnderTest agent : List.of(one, two)) {
        assertEquals(200, agent.get("/health/ready").statusCode());
        assertTrue(
            agent.incidents().stream()
                .noneMatch(incident -> incident.path("state").asText().equals("escalated")),
            () -> "" + incidents(agent));
      }
    }
  }

  private static String running() {
    return "SELECT count(*) FROM jobs WHERE state = 'running'";
  }

  private static String told() {
    return "SELECT count(*) FROM selfheal.events WHERE type = 'job.rescued'";
  }

  private static List<String> rescuers(JobTable table) throws Exception {
    return table.texts(
        "SELECT DISTINCT agent FROM selfheal.events WHERE type = 'job.rescued' ORDER BY agent");
  }

  private static Object incidents(AgentUnderTest agent) {
    try {
      return agent.incidents();
    } catch (Exception failure) {
      return failure;
    }
  }

  private static long aProcessThatIsGone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }
}
