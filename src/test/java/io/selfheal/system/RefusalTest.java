package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the agent refuses to start with. */
@Timeout(120)
class RefusalTest {
  @TempDir private Path directory;

  private static String database() {
    return "database: { url: \"" + TestPostgres.freshDatabase().reveal() + "\" }\n";
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        AgentUnderTest agent =
            AgentUnderTest.on(
                taken.getLocalPort(), directory, "second", database() + sleeper.run(1, ""))) {
      agent.start();
      assertEquals(1, agent.exit(Await.LIMIT), agent::log);
      String log = agent.log();
      assertTrue(log.contains("The agent cannot start"), log);
      assertTrue(log.contains("127.0.0.1:" + taken.getLocalPort()), log);
      assertTrue(log.contains("the address is in use"), log);
      assertTrue(log.contains("agent.http.port"), log);
      assertEquals(0, sleeper.started().size(), "it started workers and left them behind");
    }
  }

  @Test
  void aDataDirectoryThatAnotherAgentUses() throws Exception {
    String config = database();
    try (AgentUnderTest first = AgentUnderTest.configured(directory, "agent", config)) {
      first.startReady();
      AgentUnderTest.Ran second = first.run("run");
      assertEquals(1, second.exit());
      assertTrue(second.err().contains("Another agent uses " + first.dataDir()), second.err());
      assertTrue(second.err().contains("agent.data_dir"), second.err());
      assertEquals(200, first.get("/health/ready").statusCode());
    }
  }

  @Test
  void aBadConfiguration() throws Exception {
    try (AgentUnderTest agent =
        AgentUnderTest.configured(directory, "bad", "hots: { interval: 1s }\nlive: 3\n")) {
      AgentUnderTest.Ran ran = agent.run("run");
      assertEquals(78, ran.exit());
      assertTrue(ran.err().contains("bad.yaml:6: hots: is not a known key"), ran.err());
      assertTrue(ran.err().contains("bad.yaml:7: live"), ran.err());
      assertTrue(ran.err().contains("2 problems; nothing was started."), ran.err());
    }
  }
}
