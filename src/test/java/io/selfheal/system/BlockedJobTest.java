package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.SqlProcess;
import io.selfheal.store.TestPostgres;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that waits for a lock keeps its job, whatever the job's age, and the blocker is named.
 */
@Timeout(180)
class BlockedJobTest {
  private static final String HELD = ", holder: holder }";

  @TempDir private Path directory;

  private final PostgresUrl url = TestPostgres.freshDatabase();

  @Test
  void whenTheRowNamesItsHolder() throws Exception {
    staysWithItsWorker(
        JobTable.source("worker: w,"), "alive", "blocked, not stuck: its holder waits for a lock");
  }

  @Test
  void whenNothingSaysWhoHoldsIt() throws Exception {
    String source =
        JobTable.source("worker: w").replace(HELD, " }").replace("format: \"{host}:{pid}\" ", "");
    staysWithItsWorker(source, "unknown", "may be blocked: a process of w waits for a lock");
  }

  private void staysWithItsWorker(String source, String ruling, String reason) throws Exception {
    JobTable jobs = JobTable.create(url);
    TestPostgres.execute(url, "CREATE TABLE accounts AS SELECT 0 AS amount");
    long job = Long.parseLong(jobs.text("INSERT INTO jobs (state) VALUES ('ready') RETURNING id"));
    try (Connection blocker = TestPostgres.connect(url);
        Statement statement = blocker.createStatement();
        AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config(job, source))) {
      statement.execute("SET application_name = 'nightly report'");
      blocker.setAutoCommit(false);
      statement.execute("UPDATE accounts SET amount = 1");
      agent.startReady();
      agent.await("it is left as blocked", () -> left(agent, reason));
      isShown(agent, ruling, reason);
      JsonNode swept =
          Json.mapper().readTree(agent.post("/api/v1/jobs/sweep", "{\"source\":\"jobs\"}").body());
      assertEquals(0, swept.path("rescued").asInt(), swept.toString());
      assertEquals("running", jobs.state(job));
      assertEquals(0, jobs.rescues(job));

      blocker.commit();
      agent.await("the worker completes it", () -> jobs.state(job).equals("done"));
      // The table counts that as well: it was taken from its holder once, by the holder itself.
      assertEquals(1, jobs.rescues(job));
      assertEquals(List.of(), agent.events("job.rescued"));
      assertEquals("2", jobs.text("SELECT amount FROM accounts"));
    }
  }

  private String config(long job, String source) throws Exception {
    String host = InetAddress.getLocalHost().getHostName();
    List<String> worker =
        SqlProcess.command(
            url,
            "worker",
            "UPDATE jobs SET state = 'running', started_at = now(), holder = '%s:$PID' WHERE id = %d"
                .formatted(host, job),
            "UPDATE accounts SET amount = amount + 1",
            "UPDATE jobs SET state = 'done' WHERE state = 'running' AND id = " + job,
            "SELECT pg_sleep(600)");
    return "database: { url: \"%s\" }\n".formatted(url.reveal())
        + "workers:\n  - name: w\n    run:\n      command: "
        + Json.text(worker)
        + "\n"
        + source.replace("stuck_after: 1h", "stuck_after: 2s");
  }

  private static boolean left(AgentUnderTest agent, String reason) throws Exception {
    return agent.events("job.left").stream()
        .anyMatch(event -> event.at("/data/reason").asText().startsWith(reason));
  }

  private static void isShown(AgentUnderTest agent, String ruling, String reason) throws Exception {
    JsonNode job = agent.json("/api/v1/jobs/stuck").at("/jobs/0");
    assertEquals(ruling, job.at("/verdict/ruling").asText(), job.toString());
    assertEquals("leave", job.path("effect").asText(), job.toString());
    AgentUnderTest.Ran stuck = agent.run("jobs", "stuck");
    assertEquals(0, stuck.exit(), stuck.err());
    assertTrue(stuck.out().contains(reason), stuck.out());
    assertTrue(stuck.out().contains("(nightly report, "), stuck.out());
    assertTrue(stuck.out().contains("idle in transaction"), stuck.out());
    assertTrue(stuck.out().contains(": UPDATE accounts SET amount = 1"), stuck.out());
  }
}
