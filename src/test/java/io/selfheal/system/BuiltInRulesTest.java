package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built-in rules of a real agent are as far-reaching as the rules file lets them be. */
@Timeout(120)
class BuiltInRulesTest {
  @TempDir private Path directory;

  private void rules(String text) throws Exception {
    Files.writeString(directory.resolve("rules.yaml"), text);
  }

  private static void kill(long pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor());
  }

  private static Optional<JsonNode> newest(AgentUnderTest agent, String rule) throws Exception {
    return agent.incidents().stream()
        .filter(one -> one.path("rule").asText().equals(rule))
        .findFirst();
  }

  private static boolean is(AgentUnderTest agent, String rule, String state) throws Exception {
    return newest(agent, rule).filter(one -> one.path("state").asText().equals(state)).isPresent();
  }

  private static String ran(AgentUnderTest agent, int exit, String... words) throws Exception {
    AgentUnderTest.Ran ran = agent.run(words);
    assertEquals(exit, ran.exit(), String.join(" ", words) + ": " + ran.out() + ran.err());
    return ran.out() + ran.err();
  }

  @Test
  void oneOnlySaysWhatItWouldDoAndAnotherAsksAlsoAfterTheAgentWasKilled() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(url);
    String workers =
        """
        database: { url: "%s" }
        healing: { verify_for: 200ms }
        workers: [{ name: w, run: { command: [sleep, "100000"] } }]
        """
            .formatted(url.reveal());
    rules("built_in: { lost_worker: { mode: observe }, stuck_jobs: { mode: approve } }\n");
    try (AgentUnderTest agent =
        AgentUnderTest.configured(directory, "modes", workers + JobTable.source(""))) {
      agent.startReady();
      long observed = agent.awaitWorker("w.1");
      kill(observed);
      agent.await(
          "it says what it would do",
          () -> newest(agent, "lost_worker").toString().contains("would start w.1 again"));
      jobs.hold(observed, 1);
      agent.await("a person is asked", () -> is(agent, "stuck_jobs", "waiting"));
      assertEquals(0, agent.processesOf("w.1").size(), "nothing is started");
      String listed = ran(agent, 0, "rules");
      assertTrue(listed.contains("lost_worker    worker_lost          observe  built in"), listed);

      agent.kill();
      agent.startReady();
      agent.await("it still waits", () -> is(agent, "stuck_jobs", "waiting"));
      String id = newest(agent, "stuck_jobs").orElseThrow().path("id").asText();
      ran(agent, 0, "approve", id, "--reason", "go on");
      agent.await("it is healed", () -> is(agent, "stuck_jobs", "closed"));
      agent.await("it went by itself", () -> is(agent, "lost_worker", "self_recovered"));

      rules("built_in: { lost_worker: { mode: maybe } }\n");
      assertTrue(ran(agent, 78, "reload").contains("built_in.lost_worker.mode"));
      assertTrue(ran(agent, 0, "rules", "show", "lost_worker").contains("observe"));
      kill(agent.awaitWorker("w.1"));
      agent.await("it only observes", () -> is(agent, "lost_worker", "verifying"));
      rules("built_in: { lost_worker: { mode: act } }\n");
      ran(agent, 0, "reload");
      agent.await("it acts", () -> is(agent, "lost_worker", "closed"));
    }
  }
}
