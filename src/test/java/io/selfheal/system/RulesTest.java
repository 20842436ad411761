package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.PluginJar;
import io.selfheal.json.Json;
import io.selfheal.rule.Symptom;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rules as an operator has them: a file, a signal, a plugin, and the commands. */
@Timeout(180)
class RulesTest {
  private static final String MEMORY =
      """
      rules:
        - name: memory
          symptom: has_memory
          enter: { more_than: 1KiB }
          for: 1s
          mode: observe
      """;

  private static final String BOTH =
      MEMORY
          + """
            - name: never
              symptom: has_memory
              enter: { more_than: 1000000GiB }
          """;

  private static final String WRONG = MEMORY.replace("for: 1s", "for: soon");

  @TempDir private Path directory;

  private AgentUnderTest agent() throws Exception {
    String database = TestPostgres.freshDatabase().reveal();
    AgentUnderTest agent =
        AgentUnderTest.configured(
            directory, "agent", "database: { url: \"%s\" }\n".formatted(database));
    new PluginJar()
        .with("Toy", PluginJar.symptom("Toy", "has_memory"))
        .providing(Symptom.class, "Toy")
        .to(agent.dataDir().resolve("plugins").resolve("toy.jar"));
    rules(MEMORY);
    return agent;
  }

  private void rules(String text) throws Exception {
    Files.writeString(directory.resolve("rules.yaml"), text);
  }

  private static void hangUp(AgentUnderTest agent) throws Exception {
    assumeFalse(ignoresHangUp(agent.pid()), "skipped: under nohup no process hears of SIGHUP");
    assertEquals(
        0, new ProcessBuilder("kill", "-HUP", String.valueOf(agent.pid())).start().waitFor());
  }

  /** Bit 0 of the signals that the kernel drops for it; see proc(5). */
  private static boolean ignoresHangUp(long pid) throws Exception {
    String ignored =
        Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 1) == 1;
  }

  private static JsonNode rule(AgentUnderTest agent, int index) throws Exception {
    return agent.json("/api/v1/rules").path("rules").path(index);
  }

  private static AgentUnderTest.Ran ran(AgentUnderTest agent, int exit, String... words)
      throws Exception {
    AgentUnderTest.Ran ran = agent.run(words);
    assertEquals(exit, ran.exit(), String.join(" ", words) + ": " + ran.out() + ran.err());
    return ran;
  }

  @Test
  void aRuleOfAPluginIsSeenShownAndTried() throws Exception {
    try (AgentUnderTest agent = agent()) {
      agent.startReady();
      agent.await(
          "it counts", () -> rule(agent, 0).path("subjects").path(0).path("seen").asBoolean());
      String all = ran(agent, 0, "rules").out();
      assertTrue(all.contains("1 seen"), all);
      String one = ran(agent, 0, "rules", "show", "memory").out();
      assertTrue(one.contains("bytes of memory"), one);
      String none = ran(agent, 1, "rules", "show", "other").err();
      assertTrue(none.contains("there are memory, lost_worker"), none);
      String kinds = ran(agent, 0, "rules", "kinds").out();
      assertTrue(kinds.contains("has_memory") && kinds.contains("has memory"), kinds);
      String page = ran(agent, 0, "rules", "try", "memory", "--since", "1h").out();
      assertTrue(page.contains("it would have acted once"), page);
      JsonNode tried =
          Json.mapper().readTree(ran(agent, 0, "rules", "try", "memory", "-o", "json").out());
      assertTrue(tried.path("complete").asBoolean(), tried.toString());
      assertTrue(tried.path("facts").asLong() > 1, tried.toString());
      assertEquals("host", tried.path("occasions").path(0).path("subject").asText());
      assertTrue(
          ran(agent, 1, "rules", "try", "memory", "--since", "soon")
              .err()
              .contains("how far back"));
    }
  }

  @Test
  void aSignalReadsTheRulesAnewAllOfThemOrNone() throws Exception {
    try (AgentUnderTest agent = agent()) {
      agent.startReady();
      JsonNode before = rule(agent, 0).path("version");
      rules(WRONG);
      hangUp(agent);
      String where = directory.resolve("rules.yaml") + ":5: rules[0].for:";
      agent.await("it says what is wrong", () -> agent.log().contains(where));
      assertTrue(agent.log().contains("The rules stay as they are"), agent.log());
      assertEquals(before, rule(agent, 0).path("version"));
      rules(BOTH);
      hangUp(agent);
      agent.await("both are in force", () -> rule(agent, 1).path("name").asText().equals("never"));
      assertEquals(before, rule(agent, 0).path("version"));
      assertEquals(
          2, agent.events("config.reloaded").getFirst().path("data").path("rules").asInt());
    }
  }

  @Test
  void theCommandReadsTheRulesAnewAndSaysWhatIsWrong() throws Exception {
    try (AgentUnderTest agent = agent()) {
      agent.startReady();
      rules(WRONG);
      AgentUnderTest.Ran bad = ran(agent, 78, "reload");
      assertTrue(bad.err().contains("rules.yaml:5: rules[0].for:"), bad.err());
      assertTrue(bad.err().contains("the rules stay as they are: 1 problem."), bad.err());
      assertTrue(ran(agent, 1, "doctor").out().contains("rules.yaml:5: rules[0].for:"));
      rules(BOTH);
      assertTrue(ran(agent, 0, "reload").out().startsWith("2 rules are in force, from "));
      assertEquals("never", rule(agent, 1).path("name").asText());
      assertTrue(ran(agent, 0, "doctor").out().contains("2, and none has a problem"));
    }
  }

  @Test
  void healingIsPausedAndResumedAndIncidentsAreListed() throws Exception {
    try (AgentUnderTest agent = agent()) {
      rules("rules: []\n");
      agent.startReady();
      String rules = ran(agent, 0, "rules").out();
      assertTrue(rules.matches("(?s).*lost_worker +worker_lost +act +built in.*"), rules);
      String paused = ran(agent, 0, "pause", "--until", "2h", "--reason", "deploy").out();
      assertTrue(paused.startsWith("Healing is paused until 2"), paused);
      assertTrue(agent.json("/api/v1/healing").path("paused").asBoolean());
      assertEquals(2, agent.run("pause", "--untill", "2h").exit());
      assertTrue(ran(agent, 1, "pause", "--until", "tomorrow").err().contains("RFC 3339"));
      ran(agent, 0, "resume");
      assertFalse(agent.json("/api/v1/healing").path("paused").asBoolean());
      assertTrue(ran(agent, 0, "incidents").out().startsWith("There is no such incident."));
      assertTrue(ran(agent, 1, "approve", "0190").err().contains("begins or ends with"));
      ran(agent, 2, "reject", "last");
    }
  }

  @Test
  void aPluginThatCannotBeLoadedKeepsTheAgentFromStarting() throws Exception {
    try (AgentUnderTest agent = agent()) {
      Path jar = agent.dataDir().resolve("plugins").resolve("broken.jar");
      Files.writeString(jar, "no zip file");
      agent.start();
      assertEquals(78, agent.exit());
      assertTrue(agent.log().contains(jar + ": cannot be read as a jar"), agent.log());
    }
  }
}
