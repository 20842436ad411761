package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor}, a process of its own, without an agent and beside one. */
@Timeout(180)
class DoctorTest {
  @TempDir private Path directory;

  @Test
  void looksWithoutAnAgentAndBesideOneAndChangesNothing() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable.create(url);
    String config = "database: { url: \"%s\" }\n".formatted(url.reveal()) + JobTable.source("");
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config)) {
      AgentUnderTest.Ran before = agent.run("doctor");
      assertEquals(0, before.exit(), before.out() + before.err());
      assertTrue(before.out().contains("does not run"), before.out());
      assertTrue(before.out().contains("-> start it with: agent.sh run"), before.out());
      assertTrue(before.out().contains("schema version 0 of "), before.out());
      assertTrue(before.out().contains("public.jobs (table) fits"), before.out());
      assertFalse(before.out().contains(url.password().reveal()), before.out());
      assertFalse(Files.exists(agent.dataDir()), "it made the data directory");
      assertEquals(
          List.of("0"),
          JobTable.query(url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'selfheal'"));
      agent.startReady();
      AgentUnderTest.Ran beside = agent.run("doctor");
      assertEquals(0, beside.exit(), beside.out() + beside.err());
      assertTrue(beside.out().contains("runs as pid " + agent.pid()), beside.out());
      assertEquals("", beside.err());
      breaks(agent, url);
    }
  }

  private static void breaks(AgentUnderTest agent, PostgresUrl url) throws Exception {
    Path token = agent.dataDir().resolve("token");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    TestPostgres.execute(url, "ALTER TABLE jobs RENAME TO works");
    agent.await("the agent sees it", () -> agent.get("/health/ready").statusCode() == 503);
    for (int i = 0; i < 2; i++) {
      AgentUnderTest.Ran broken = agent.run("doctor", "-o", "json");
      assertEquals(1, broken.exit(), broken.out() + broken.err());
      JsonNode json = Json.mapper().readTree(broken.out());
      assertFalse(json.path("well").asBoolean());
      assertTrue(failed(json).containsAll(List.of("token", "source jobs")), broken.out());
      agent.kill();
    }
  }

  private static List<String> failed(JsonNode json) {
    return StreamSupport.stream(json.path("findings").spliterator(), false)
        .filter(finding -> finding.path("level").asText().equals("fail"))
        .map(finding -> finding.path("part").asText())
        .toList();
  }

  @Test
  void aBadConfigurationAndADatabaseThatIsAwayAreFailures() throws Exception {
    try (AgentUnderTest wrong = AgentUnderTest.configured(directory, "wrong", "hosts: {}\n");
        AgentUnderTest alone =
            AgentUnderTest.configured(
                directory,
                "alone",
                "database: { url: \"postgresql://a:b@127.0.0.1:%d/c\" }\n"
                    .formatted(AgentUnderTest.freePort()))) {
      AgentUnderTest.Ran bad = wrong.run("doctor");
      assertEquals(1, bad.exit(), bad.out() + bad.err());
      assertTrue(bad.out().contains("hosts: is not a known key"), bad.out());
      AgentUnderTest.Ran away = alone.run("doctor");
      assertEquals(1, away.exit(), away.out() + away.err());
      assertTrue(away.out().contains("refused"), away.out());
    }
  }
}
