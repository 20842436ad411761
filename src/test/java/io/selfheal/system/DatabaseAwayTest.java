package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is not there when the agent starts. */
@Timeout(180)
class DatabaseAwayTest {
  @TempDir private Path directory;

  private static String database(PostgresUrl url) {
    return "database: { url: \"" + url.reveal() + "\" }\n";
  }

  @Test
  void healsMeanwhileSaysSoAndCatchesUpLater() throws Exception {
    EmbeddedPostgres postgres = TestPostgres.ownServer(directory.resolve("db"));
    PostgresUrl url = postgres.start();
    postgres.stop();
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    String config = database(url) + sleeper.run(1, "") + "healing: { verify_for: 0s }\n";
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "alone", config)) {
      agent.start().awaitListening();
      saysThatTheDatabaseIsAway(agent, url);

      long killed = agent.awaitWorker("w.1");
      agent.await("it works", () -> sleeper.started(killed));
      Marked.kill(killed);
      agent.await("another process fills the slot", () -> agent.workerPid("w.1") != killed);
      agent.await(
          "the incident is over",
          () -> agent.incidents().size() == 1 && agent.openIncidents() == 0);
      assertEquals(1, agent.processesOf("w.1").size());
      saysThatTheDatabaseIsAway(agent, url);
      long spooled = newest(agent);

      assertEquals(url, postgres.start());
      agent.awaitReady();
      agent.await(
          "every spooled event is in PostgreSQL", () -> Archive.of(url, "alone").last() >= spooled);
      Archive archive = Archive.of(url, "alone");
      assertTrue(archive.whole(), archive::toString);
      // Incidents follow their events.
      agent.await(
          "the incident is in PostgreSQL",
          () ->
              JobTable.query(url, "SELECT lower(state) FROM selfheal.incidents")
                  .contains("closed"));
      agent.await("it works", () -> sleeper.started(agent.workerPid("w.1")));
      assertEquals(2, sleeper.started().size());
    } finally {
      postgres.stop();
    }
  }

  private static long newest(AgentUnderTest agent) throws Exception {
    String since = agent.json("/api/v1/events?types=incident.closed").path("since").asText();
    return Long.parseLong(since.substring(since.indexOf(':') + 1));
  }

  private static void saysThatTheDatabaseIsAway(AgentUnderTest agent, PostgresUrl url)
      throws Exception {
    agent.await("the cause is told", () -> detail(agent).contains("refused"));
    assertEquals(503, agent.get("/health/ready").statusCode());
    assertEquals(200, agent.get("/health/live").statusCode());
    JsonNode database = agent.check("database");
    assertEquals("unavailable", database.path("status").asText());
    String detail = database.path("detail").asText();
    assertTrue(detail.contains("refused"), detail);
    assertTrue(detail.contains("127.0.0.1:" + url.port()), detail);
    assertTrue(!detail.contains(url.password().reveal()), "a password in " + detail);
  }

  private static String detail(AgentUnderTest agent) throws Exception {
    return agent.check("database").path("detail").asText();
  }

  @Test
  void aWrongPasswordIsNamed() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    String wrong = url.reveal().replace(url.password().reveal(), "guess");
    String config = "database: { url: \"" + wrong + "\" }\n";
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "stranger", config)) {
      agent.start().awaitListening();
      assertEquals(503, agent.get("/health/ready").statusCode());
      agent.await("the cause is told", () -> detail(agent).contains("password"));
    }
  }

  @Test
  void aDatabaseThatTakesConnectionsAndNeverAnswersHoldsUpNothing() throws Exception {
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AgentUnderTest agent =
            AgentUnderTest.configured(
                directory,
                "patient",
                "database: { url: \"postgresql://a:b@127.0.0.1:%d/c\" }\n"
                        .formatted(silent.getLocalPort())
                    + sleeper.run(1, ""))) {
      agent.start().awaitListening();
      assertEquals(503, agent.get("/health/ready").statusCode());
      agent.awaitWorker("w.1");
      agent.await("the cause is told", () -> detail(agent).contains("has not answered"));
      agent.await("the cause is told", () -> detail(agent).contains("Timeout"));
      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
    }
  }

  @Test
  void aSignalDuringTheStartIsObeyed() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AgentUnderTest agent =
            AgentUnderTest.configured(
                directory,
                "hasty",
                "database: { url: \"postgresql://a:b@127.0.0.1:%d/c\" }\n"
                    .formatted(silent.getLocalPort()))) {
      agent.start();
      // The API listens before the database is waited for.
      agent.await("it starts", () -> agent.log().contains("Listening on"));
      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
    }
  }
}
