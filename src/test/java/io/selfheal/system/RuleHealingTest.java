package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.selfheal.system.AgentUnderTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real agent heals a real disk by rules: nothing here is answered by hand. */
@Timeout(240)
class RuleHealingTest {
  private static final int KIBIBYTE = 1024;

  @TempDir private Path directory;
  private Path disk = Path.of("/");
  private PostgresUrl url = TestPostgres.freshDatabase();

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "selfheal-test", disk.toString()),
        "skipped: only root may mount the small disk that this test fills");
    Files.createDirectory(disk.resolve("cache"));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", disk.toString());
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /** An agent with one rule over the small disk. */
  private AgentUnderTest agent(String mode, String ladder) throws IOException {
    String rule =
        """
        rules:
          - name: small_disk
            symptom: low_disk
            where: {mount: "%s"}
            enter: {used: 80%%}
            leave: {used: 60%%}
            clear_for: 1s
            verify_within: 20s
            mode: %s
            guardrails: {cooldown: 0s}
            ladder:
        %s"""
            .formatted(disk, mode, ladder.indent(6));
    Files.writeString(directory.resolve("rules.yaml"), rule);
    return AgentUnderTest.configured(
        directory, "ruled", "database: { url: \"%s\" }\n".formatted(url.reveal()));
  }

  private String clearing() {
    return "- {remedy: clear_cache, with: {roots: [\"%s/cache\"], globs: [\"*\"], until: 50%%, min_age: 0s, by: modified}}"
        .formatted(disk);
  }

  /** Fills the disk with files in the cache, the first the oldest. */
  private void fill(int kibibytes) throws IOException {
    Instant then = Instant.now().minusSeconds(100_000);
    for (int i = 0; i * 256 < kibibytes; i++) {
      Path file = disk.resolve("cache").resolve("file" + i);
      Files.write(file, new byte[256 * KIBIBYTE]);
      Files.setLastModifiedTime(file, FileTime.from(then.plusSeconds(i)));
    }
  }

  private static List<JsonNode> incidents(AgentUnderTest agent) throws Exception {
    JsonNode all = agent.json("/api/v1/incidents?limit=50").path("incidents");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.path("rule").asText().equals("small_disk"))
        .toList();
  }

  private static String state(AgentUnderTest agent) throws Exception {
    List<JsonNode> all = incidents(agent);
    return all.isEmpty() ? "none" : all.getFirst().path("state").asText();
  }

  private static Stream<String> remedies(JsonNode incident) {
    return StreamSupport.stream(incident.path("steps").spliterator(), false)
        .map(step -> step.path("remedy").asText() + " " + step.path("outcome").asText());
  }

  @Test
  void fullDiskIsClearedOldestFirstAndMeasuredAndTold() throws Exception {
    try (AgentUnderTest agent = agent("act", clearing())) {
      agent.startReady();
      fill(2600);
      assertFalse(incidents(agent).stream().findAny().isPresent(), "63 % is no low disk");
      fill(3600);
      agent.await("it is healed", () -> state(agent).equals("closed"));
      JsonNode incident = incidents(agent).getFirst();
      assertEquals(List.of("clear_cache done"), remedies(incident).toList(), incident.toString());
      assertFalse(Files.exists(disk.resolve("cache/file0")), "the oldest goes");
      assertTrue(Files.exists(disk.resolve("cache/file14")), "the newest stays");
      Ran why = agent.run("why", incident.path("id").asText());
      assertEquals(0, why.exit(), why.err());
      for (String told : List.of("small_disk", "clear_cache", "cooldown", "healed in")) {
        assertTrue(why.out().contains(told), told + " is not told:\n" + why.out());
      }
      Ran rules = agent.run("rules");
      assertTrue(rules.out().contains("small_disk"), rules.out() + rules.err());
    }
  }

  @Test
  void remedyThatLiesIsFollowedByTheNextRung() throws Exception {
    String ladder = "- {remedy: run_command, with: {command: [\"true\"]}}\n" + clearing();
    try (AgentUnderTest agent = agent("act", ladder)) {
      fill(3600);
      agent.startReady();
      agent.await("it is healed", () -> state(agent).equals("closed"));
      assertEquals(
          List.of("run_command done", "clear_cache done"),
          remedies(incidents(agent).getFirst()).toList());
    }
  }

  @Test
  void whatCannotBeHealedIsAPersonsAndIsNotTriedAgain() throws Exception {
    try (AgentUnderTest agent =
        agent("act", "- {remedy: run_command, with: {command: [\"false\"]}}")) {
      fill(3600);
      agent.startReady();
      agent.await("a person has it", () -> state(agent).equals("escalated"));
      agent.kill();
      agent.startReady();
      agent.await("it is seen again", () -> incidents(agent).size() == 2);
      agent.await("a person has it", () -> state(agent).equals("escalated"));
    }
  }

  @Test
  void personIsAskedAndMayApprove() throws Exception {
    try (AgentUnderTest agent = agent("approve", clearing())) {
      fill(3600);
      agent.startReady();
      agent.await("a person is asked", () -> state(agent).equals("waiting"));
      assertTrue(Files.exists(disk.resolve("cache/file0")), "nothing is done before");
      String id = incidents(agent).getFirst().path("id").asText();
      agent.kill();
      agent.startReady();
      agent.await("it still waits", () -> state(agent).equals("waiting"));
      Ran approved = agent.run("approve", id, "--reason", "go on");
      assertEquals(0, approved.exit(), approved.out() + approved.err());
      agent.await("it is healed", () -> state(agent).equals("closed"));
    }
  }

  @Test
  void observedIsToldAndNeverDone() throws Exception {
    try (AgentUnderTest agent = agent("observe", clearing())) {
      fill(3600);
      agent.startReady();
      agent.await(
          "it says what it would do",
          () ->
              !incidents(agent).isEmpty()
                  && incidents(agent).getFirst().toString().contains("clear_cache would: "));
      assertTrue(Files.exists(disk.resolve("cache/file0")), "nothing is done");
      try (Stream<Path> files = Files.list(disk.resolve("cache"))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      agent.await("it went by itself", () -> state(agent).equals("self_recovered"));
    }
  }

  /** Killed in the middle of a command: nobody knows how far it came, so it is not run again. */
  @Test
  void commandIsNotRunTwiceByAnAgentThatIsKilled() throws Exception {
    Path runs = directory.resolve("runs");
    String command =
        "- {remedy: run_command, with: {command: [sh, \"-c\", \"echo run >> %s; exec sleep 600\"]}}\n"
            .formatted(runs);
    try (AgentUnderTest agent = agent("act", command + clearing())) {
      fill(3600);
      agent.startReady();
      agent.await("the command runs", () -> Files.exists(runs));
      agent.kill();
      agent.startReady();
      agent.await("the next rung heals", () -> state(agent).equals("closed"));
      assertEquals(List.of("run"), Files.readAllLines(runs));
    }
  }

  /** The remedy itself kills the agent: the ladder goes on behind it, and it is not done again. */
  @Test
  void commandThatKillsTheAgentIsNotRunAgain() throws Exception {
    Path runs = directory.resolve("runs");
    Path pid = directory.resolve("agent.pid");
    String command =
        "- {remedy: run_command, with: {command: [sh, \"-c\", \"echo run >> %s; kill -9 $(cat %s)\"]}}\n"
            .formatted(runs, pid);
    try (AgentUnderTest agent = agent("act", command + clearing())) {
      agent.startReady();
      Files.writeString(pid, Long.toString(agent.pid()));
      fill(3600);
      agent.exit(Duration.ofSeconds(60));
      agent.startReady();
      Files.writeString(pid, Long.toString(agent.pid()));
      agent.await("the next rung heals", () -> state(agent).equals("closed"));
      assertEquals(List.of("run"), Files.readAllLines(runs));
      assertEquals(1, incidents(agent).size());
      assertTrue(
          remedies(incidents(agent).getFirst()).toList().contains("clear_cache done"),
          incidents(agent)::toString);
    }
  }
}
