package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, each a process of its own, beside a running agent. */
@Timeout(180)
class CommandsTest {
  @TempDir private Path directory;

  @Test
  void statusWatchMigrateAndCheckBesideARunningAgent() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    String config =
        "database: { url: \"%s\" }\n".formatted(url.reveal())
            + sleeper.run(1, "")
            + "healing: { verify_for: 0s }\n";
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config)) {
      migrates(agent, url);
      agent.startReady();
      AgentUnderTest.Ran well = agent.run("status");
      assertEquals(0, well.exit(), well.out() + well.err());
      assertTrue(well.out().contains("w.1"), well.out());
      assertEquals("", well.err());
      watchesADeath(agent);
      degrades(agent);
    }
  }

  private static void migrates(AgentUnderTest agent, PostgresUrl url) throws Exception {
    AgentUnderTest.Ran first = agent.run("migrate");
    assertEquals(0, first.exit(), first.err());
    assertTrue(first.out().contains("127.0.0.1:" + url.port()), first.out());
    assertTrue(!first.out().contains(url.password().reveal()), first.out());
    assertEquals("0", JobTable.query(url, "SELECT count(*) FROM selfheal.events").getFirst());
    AgentUnderTest.Ran again = agent.run("migrate");
    assertEquals(0, again.exit(), again.err());
  }

  /** Runs {@code watch -o json}, kills a worker, and reads line by line what was told. */
  private void watchesADeath(AgentUnderTest agent) throws Exception {
    Path out = directory.resolve("watch.ndjson");
    Process watch =
        agent
            .command(List.of("-Dselfheal.log=WARN"), List.of("watch", "-o", "json"))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      agent.await(
          "the feed has a client",
          () -> agent.get("/metrics").body().contains("selfheal_live_clients 1.0"));
      long worker = agent.workerPid("w.1");
      Marked.kill(worker);
      List<String> wanted =
          List.of(
              "worker.lost",
              "incident.opened",
              "incident.remedy_started",
              "worker.started",
              "incident.remedy_finished",
              "incident.verified",
              "incident.closed");
      agent.await("all of it is told", () -> types(out).containsAll(wanted));
      JsonNode lost = events(out).get(types(out).indexOf("worker.lost"));
      assertEquals(worker, lost.path("data").path("process").path("pid").asLong());
      assertTrue(types(out).stream().noneMatch(type -> type.endsWith("sampled")));
    } finally {
      watch.destroy();
      assertTrue(watch.waitFor(10, TimeUnit.SECONDS), "watch does not end by SIGTERM");
    }
  }

  private static List<JsonNode> events(Path file) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(Json.mapper().readTree(line));
    }
    return events;
  }

  private static List<String> types(Path file) throws Exception {
    return events(file).stream().map(event -> event.path("type").asText()).toList();
  }

  /** Paused healing is not well: status says so with its exit code. */
  private static void degrades(AgentUnderTest agent) throws Exception {
    agent.post("/api/v1/healing/pause", "{\"reason\":\"a test\"}");
    agent.await("it is told", () -> agent.run("status").exit() == 5);
    AgentUnderTest.Ran json = agent.run("status", "-o", "json");
    assertEquals(5, json.exit());
    assertEquals("agent", Json.mapper().readTree(json.out()).path("agent").path("name").asText());
    agent.kill();
    AgentUnderTest.Ran none = agent.run("status");
    assertEquals(1, none.exit());
    assertTrue(none.err().contains("No agent answers"), none.err());
  }
}
