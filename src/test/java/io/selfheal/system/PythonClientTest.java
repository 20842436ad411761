package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Python client: its own tests, and a worker of one line that a real agent runs. */
@Timeout(300)
class PythonClientTest {
  private static final Path CLIENT = Path.of("src", "main", "python").toAbsolutePath();
  private static final Path TESTS = Path.of("src", "test", "python").toAbsolutePath();
  private static final String NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 9))";

  @TempDir private Path directory;

  @BeforeEach
  void needsPython() throws Exception {
    assumeTrue(found(), "skipped: there is no python3 of 3.9 or later here");
  }

  private boolean found() throws InterruptedException {
    try {
      return python("-c", NEW_ENOUGH).start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private ProcessBuilder python(String... arguments) {
    ProcessBuilder builder = new ProcessBuilder("python3", "-B");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("PYTHONPATH", CLIENT + ":" + TESTS);
    return builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("python.log").toFile());
  }

  /** A worker whose one line of ours is an import; the agent finds the rest. */
  private AgentUnderTest agent() throws IOException {
    String worker =
        """
        database: { url: "%s" }
        workers:
          - name: w
            run:
              command: [python3, -B, -c, "import selfheal.auto, threading; threading.Event().wait()"]
              environment: { PYTHONPATH: "%s" }
            heartbeat: { every: 1s, grace: 60s }
        services:
          - name: paid
            budget: { amount: 10.00, currency: USD, per: month }
          - name: failing
            breaker: { consecutive: 3, open_for: 1m..5m }
            alternative: paid
          - name: picky
            breaker: { consecutive: 2 }
          - name: narrow
            limits: { concurrent: 1 }
        """;
    return AgentUnderTest.withSocket(
        directory, "agent", worker.formatted(TestPostgres.freshDatabase().reveal(), CLIENT));
  }

  @Test
  void itsOwnTestsPassAndAWorkerOfOneLineIsHeardAgainAfterTheAgentWasKilled() throws Exception {
    try (AgentUnderTest agent = agent().startReady()) {
      long pid = agent.awaitWorker("w.1");
      agent.await("a heartbeat", () -> heard(agent));
      ownTests(agent.socket());

      agent.kill();
      agent.startReady();
      agent.await("a heartbeat after the restart", () -> heard(agent));
      assertEquals(pid, agent.workerPid("w.1"));
    }
  }

  private static boolean heard(AgentUnderTest agent) throws Exception {
    JsonNode worker = agent.instance("w.1");
    return worker.path("heartbeat_age_ms").isNumber();
  }

  private void ownTests(Path socket) throws Exception {
    ProcessBuilder tests = python("-W", "error::ResourceWarning", "-m", "unittest", "discover");
    tests.command().addAll(List.of("-s", TESTS.toString()));
    tests.environment().put("SELFHEAL_TEST_AGENT", socket.toString());
    Process running = tests.start();
    boolean ended = running.waitFor(200, TimeUnit.SECONDS);
    running.destroyForcibly().waitFor();
    String said = Files.readString(directory.resolve("python.log"));
    assertTrue(ended, said);
    assertEquals(0, running.exitValue(), said);
    assertFalse(said.contains("skipped"), said);
  }

  @Test
  void itHasTheVersionOfTheAgent() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.split("<version>", 2)[1].split("</version>", 2)[0];
    String project = Files.readString(CLIENT.resolve("pyproject.toml"));
    assertTrue(project.contains("\nversion = \"" + version + "\"\n"), project);
  }
}
