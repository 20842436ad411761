package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two agents of one host have the same rules: what one of them acts on, the other leaves alone. */
@Timeout(180)
class TwoKeepersTest {
  private static final String RULES =
      """
      rules:
        - name: ill
          symptom: corrupt_file
          where: { expected: ["%2$s  %1$s/a"], base: /, settle: 1s }
          clear_for: 1s
          guardrails: { cooldown: 0s }
          ladder: [ { remedy: run_command, with: { command: [sh, "%1$s/heal"] } } ]
      """;

  /** The sum of what is empty. */
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** Says when it begins and ends; it takes so long that two would surely meet. */
  private static final String HEAL =
      """
      echo begin $INCIDENT_ID >> %1$s/acts
      sleep 2
      while [ -e %1$s/hang ]; do sleep 0.1; done
      : > %1$s/a
      echo end $INCIDENT_ID >> %1$s/acts
      """;

  @TempDir private Path directory;

  private AgentUnderTest agent(String name) throws Exception {
    String database = TestPostgres.freshDatabase().reveal();
    return AgentUnderTest.configured(
        directory, name, "database: { url: \"%s\" }\n".formatted(database));
  }

  private List<String> acts() throws Exception {
    Path acts = directory.resolve("acts");
    return Files.exists(acts) ? Files.readAllLines(acts) : List.of();
  }

  private static JsonNode newest(AgentUnderTest agent) throws Exception {
    return agent.incidents().getFirst();
  }

  private static String state(AgentUnderTest agent) throws Exception {
    return newest(agent).path("state").asText();
  }

  @Test
  void oneActsAndTheOtherWaitsUntilItIsHealedOrTheFirstIsDead() throws Exception {
    Path file = Files.createFile(directory.resolve("a"));
    Files.writeString(directory.resolve("heal"), HEAL.formatted(directory));
    Files.writeString(directory.resolve("rules.yaml"), RULES.formatted(directory, EMPTY));
    try (AgentUnderTest one = agent("one");
        AgentUnderTest two = agent("two")) {
      one.start();
      two.start();
      one.awaitReady();
      two.awaitReady();
      Files.writeString(file, "broken");
      for (AgentUnderTest agent : List.of(one, two)) {
        agent.await("it is over", () -> newest(agent).path("closed_at").asText().length() > 9);
      }
      List<String> states = Stream.of(state(one), state(two)).sorted().toList();
      assertEquals(List.of("closed", "self_recovered"), states);
      AgentUnderTest waited = state(one).equals("closed") ? two : one;
      assertTrue(newest(waited).toString().contains("Another agent of this host acted on it"));
      assertTrue(
          newest(waited).toString().contains("run_command held: another agent of this host"),
          newest(waited)::toString);
      assertEquals(2, acts().size(), "it was done once: " + acts());

      dies(one, two, file);
    }
  }

  /** What an agent has begun another may do when that one is dead. */
  private void dies(AgentUnderTest one, AgentUnderTest two, Path file) throws Exception {
    Path hang = Files.createFile(directory.resolve("hang"));
    Files.writeString(file, "broken again");
    one.await("one of them acts", () -> acts().size() == 3);
    for (AgentUnderTest agent : List.of(one, two)) {
      agent.await("both have seen it", () -> agent.incidents().size() == 2);
    }
    boolean ones = acts().getLast().endsWith(newest(one).path("id").asText());
    AgentUnderTest dead = ones ? one : two;
    AgentUnderTest lives = ones ? two : one;
    lives.await(
        "the other waits", () -> newest(lives).toString().contains("another agent of this host"));
    dead.kill();
    lives.await("it acts instead", () -> acts().size() == 4);
    Files.delete(hang);
    lives.await("it is healed", () -> state(lives).equals("closed"));
  }
}
