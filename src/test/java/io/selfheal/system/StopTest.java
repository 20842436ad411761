package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, once and twice. */
@Timeout(180)
class StopTest {
  @TempDir private Path directory;

  private static String database(PostgresUrl url) {
    return "database: { url: \"" + url.reveal() + "\" }\n";
  }

  private AgentUnderTest agent(PostgresUrl url, String workers) throws Exception {
    return AgentUnderTest.configured(directory, "agent", database(url) + workers);
  }

  @Test
  void workersLiveOnAndAreAdoptedAndTheJournalGoesOnWithoutAJump() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (AgentUnderTest agent = agent(url, sleeper.run(2, "on_stop: leave"))) {
      agent.startReady();
      List<Long> before = List.of(agent.workerPid("w.1"), agent.workerPid("w.2"));
      agent.await("both work", () -> sleeper.started().size() == 2);
      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
      assertEquals(before.subList(0, 1), agent.processesOf("w.1"));
      assertEquals(before.subList(1, 2), agent.processesOf("w.2"));

      agent.startReady();
      assertEquals(before, List.of(agent.workerPid("w.1"), agent.workerPid("w.2")));
      assertEquals(2, sleeper.started().size());
      agent.await("both starts are told", () -> told(url, "agent.started") == 2);
      Archive archive = Archive.of(url, "agent");
      assertTrue(archive.whole(), archive::toString);
      assertEquals(1, told(url, "agent.stopping"));
      assertEquals(0, told(url, "worker.lost"));
      assertEquals(List.of(), agent.incidents());
    }
  }

  private static long told(PostgresUrl url, String type) throws Exception {
    String sql = "SELECT count(*) FROM selfheal.events WHERE type = '" + type + "'";
    return Long.parseLong(JobTable.query(url, sql).getFirst());
  }

  @Test
  void workersAreStoppedWithTheAgent() throws Exception {
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (AgentUnderTest agent =
        agent(TestPostgres.freshDatabase(), sleeper.run(2, "on_stop: stop"))) {
      agent.startReady();
      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
      assertEquals(List.of(), agent.processesOf("w.1"));
      assertEquals(List.of(), agent.processesOf("w.2"));
      assertTrue(sleeper.started().size() <= 2);
    }
  }

  @Test
  void aWorkerThatIgnoresTermIsKilledByTheDefaults() throws Exception {
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (AgentUnderTest agent =
        agent(TestPostgres.freshDatabase(), sleeper.deaf("on_stop: stop"))) {
      agent.startReady();
      agent.await("it runs", () -> sleeper.started().size() == 1);
      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
      assertEquals(List.of(), agent.processesOf("w.1"));
    }
  }

  @Test
  void aSecondSignalEndsAStopThatHangs() throws Exception {
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    String worker = sleeper.deaf("on_stop: stop\nstop_grace: 6s");
    try (AgentUnderTest agent = agent(TestPostgres.freshDatabase(), worker)) {
      agent.startReady();
      agent.await("it runs", () -> sleeper.started().size() == 1);
      agent.terminate();
      agent.await("the stop began", () -> agent.log().contains("SIGTERM: stopping"));
      agent.terminate();
      assertEquals(128 + 15, agent.exit(), agent::log);
      assertTrue(agent.log().contains("SIGTERM again: leaving at once"), agent::log);
      assertFalse(agent.log().contains("Stopped"), agent::log);
      assertEquals(1, agent.processesOf("w.1").size());
    }
  }
}
