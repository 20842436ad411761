package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed with -9 while it heals, and started again. */
@Timeout(300)
class AgentKilledTest {
  private static final int ROUNDS = 20;
  private static final int LATEST_MILLIS = 60;

  /** Each round needs a restart, and the next must not wait long for it. */
  private static final String EAGER =
      """
      healing:
        verify_for: 0s
        restart_limit: { restarts: 1000, backoff: 100ms, backoff_max: 100ms }
      """;

  @TempDir private Path directory;

  private static String config(PostgresUrl url, Sleeper sleeper) {
    return "database: { url: \"%s\" }\n".formatted(url.reveal())
        + sleeper.run(1, "")
        + JobTable.source("worker: w,")
        + EAGER;
  }

  @Test
  void everyRemedyIsDoneOnceWheneverTheAgentDies() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (AgentUnderTest agent =
        AgentUnderTest.configured(directory, "mortal", config(url, sleeper))) {
      agent.startReady();
      for (int round = 0; round < ROUNDS; round++) {
        long worker = agent.workerPid("w.1");
        agent.await("it works", () -> sleeper.started(worker));
        long job = table.hold(worker, 1);
        int starts = sleeper.started().size();

        Marked.kill(worker);
        if (round % 2 == 0) {
          int delay = ThreadLocalRandom.current().nextInt(LATEST_MILLIS * 1_000);
          Await.moment(Duration.ofNanos(delay * 1_000L));
        } else {
          // As soon as there is an effect; its record is still to be written.
          agent.await("a new process", () -> sleeper.started().size() > starts);
        }
        agent.kill();
        agent.startReady();

        agent.await("the job is free", () -> table.state(job).equals("ready"));
        agent.await("the slot is filled", () -> agent.workerPid("w.1") != worker);
        agent.await("nothing is open", () -> agent.openIncidents() == 0);
        agent.await("it works", () -> sleeper.started(agent.workerPid("w.1")));
        String what = "round " + round + "\n" + agent.log();
        assertEquals(List.of(agent.workerPid("w.1")), agent.processesOf("w.1"), what);
        assertEquals(starts + 1, sleeper.started().size(), what);
        assertEquals(1, table.rescues(job), what);
      }
      everyIncidentIsClosed(agent);
    }
  }

  private static void everyIncidentIsClosed(AgentUnderTest agent) throws Exception {
    for (JsonNode incident : agent.incidents()) {
      String state = incident.path("state").asText();
      assertTrue(Set.of("closed", "self_recovered").contains(state), incident::toPrettyString);
    }
  }

  /**
   * The rescue waits for a lock when the agent dies. PostgreSQL does not notice that, and the
   * effect comes after the death: nobody is left to record it.
   */
  @Test
  void aRescueWhoseEffectComesAfterTheDeathIsFoundDone() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable table = JobTable.create(url);
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "late", config(url, sleeper));
        Connection blocker = TestPostgres.connect(url)) {
      agent.startReady();
      long worker = agent.workerPid("w.1");
      agent.await("it works", () -> sleeper.started(worker));
      blocker.setAutoCommit(false);
      long job = table.hold(worker, 1);
      try (Statement lock = blocker.createStatement()) {
        lock.execute("LOCK TABLE jobs IN SHARE MODE");
      }
      Marked.kill(worker);
      String waiting =
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
              + " AND wait_event_type = 'Lock' AND query ILIKE '%UPDATE%jobs%'";
      agent.await("the rescue waits for the lock", () -> table.number(waiting) == 1);
      assertEquals("running", table.state(job));
      agent.kill();
      assertEquals(1, table.number(waiting), "the rescue went with the agent");
      blocker.rollback();
      Await.until("the rescue is over", agent::log, () -> table.number(waiting) == 0);

      agent.startReady();
      agent.await("the job is free", () -> table.state(job).equals("ready"));
      agent.await("the slot is filled", () -> agent.workerPid("w.1") != worker);
      agent.await("nothing is open", () -> agent.openIncidents() == 0);
      assertEquals(1, table.rescues(job));
      agent.await("it works", () -> sleeper.started(agent.workerPid("w.1")));
      assertEquals(2, sleeper.started().size());
      everyIncidentIsClosed(agent);
    }
  }
}
