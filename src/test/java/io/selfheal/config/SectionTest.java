package io.selfheal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private static Reading read(String text) throws BadConfiguration {
    return new Reading("agent.yaml", text, Map.of());
  }

  private static List<Problem> problems(Reading reading) {
    return assertThrows(BadConfiguration.class, reading::finish).problems();
  }

  @Test
  void takesTheDefaultWhenNothingIsSaid() throws BadConfiguration {
    Reading reading = read("");
    assertEquals(7717, reading.root().section("agent").integer("port", 7717, 0, 65535));
    assertEquals(MINUTE, reading.root().duration("pause", MINUTE, Duration.ZERO, HOUR));
    reading.finish();
    assertEquals(
        new Setting("agent.port", "7717", "default"),
        reading.settings().stream().filter(s -> s.key().equals("agent.port")).findFirst().get());
  }

  @Test
  void readsEveryFormOfValue() throws BadConfiguration {
    Reading reading =
        read(
            """
            port: 80
            pause: 1.5m
            size: 2MiB
            on: true
            name: "a b"
            nothing: ~
            list: [x, y]
            one: z
            table: { LANG: C, N: 5 }
            below:
              - name: first
              - name: second
            """);
    Section root = reading.root();
    assertEquals(80, root.integer("port", 1, 0, 100));
    assertEquals(Duration.ofSeconds(90), root.duration("pause", MINUTE, Duration.ZERO, HOUR));
    assertEquals(2 << 20, root.bytes("size", 1, 0, 1L << 40));
    assertTrue(root.flag("on", false));
    assertEquals("a b", root.text("name", ""));
    assertTrue(root.text("nothing").isEmpty());
    assertEquals(List.of("x", "y"), root.texts("list", List.of()));
    assertEquals(List.of("z"), root.texts("one", List.of()));
    assertEquals(Map.of("LANG", "C", "N", "5"), root.secrets("table"));
    assertEquals(
        List.of("***", "***"),
        reading.settings().stream()
            .filter(setting -> setting.key().startsWith("table."))
            .map(Setting::value)
            .toList());
    assertEquals(
        List.of("first", "second"),
        root.sections("below").stream().map(each -> each.required("name", "")).toList());
    reading.finish();
  }

  @Test
  void reportsAllProblemsTogetherWithLineKeyCauseAndHint() throws BadConfiguration {
    Reading reading =
        read(
            """
            agent:
              prot: 80
              port: many
            pause: 3x
            level: hgih
            """);
    Section agent = reading.root().section("agent");
    agent.integer("port", 7717, 0, 65535);
    reading.root().duration("pause", MINUTE, Duration.ZERO, HOUR);
    reading.root().choice("level", Level.LOW, Level.class);
    List<String> texts = problems(reading).stream().map(Problem::toString).toList();
    assertEquals(
        List.of(
            "agent.yaml:3: agent.port: \"many\" is not a whole number from 0 to 65535",
            "agent.yaml:4: pause: \"3x\" is not a duration such as 500ms, 30s, 5m, 2h or 7d,"
                + " from 0s to 1h",
            "agent.yaml:5: level: \"hgih\" is not a choice here; did you mean \"high\"?",
            "agent.yaml:2: agent.prot: is not a known key; did you mean \"port\"?"),
        texts);
  }

  @Test
  void refusesValuesOutOfRangeAndOfTheWrongShape() throws BadConfiguration {
    Reading reading = read("port: 70000\nagent: 3\nlist: {a: b}\nsources: x\nname: [a]\n");
    Section root = reading.root();
    root.integer("port", 1, 0, 65535);
    root.section("agent");
    root.texts("list", List.of());
    root.sections("sources");
    root.text("name", "");
    assertEquals(5, problems(reading).size());
  }

  @Test
  void takesTheEnvironmentBeforeTheFile() throws BadConfiguration {
    Reading reading =
        new Reading(
            "agent.yaml",
            "database: { url: embedded }",
            Map.of("SELFHEAL_DATABASE_URL", "postgresql://u:p@h/d"));
    Section database = reading.root().section("database");
    assertEquals("postgresql://u:p@h/d", database.secret("url", "embedded").orElseThrow().reveal());
    reading.finish();
    Setting setting = reading.settings().getFirst();
    assertEquals(new Setting("database.url", "***", "SELFHEAL_DATABASE_URL"), setting);
  }

  @Test
  void showsWhatAppliesWhereNoSecretIsGiven() throws BadConfiguration {
    for (String text : List.of("", "url: embedded")) {
      Reading reading = new Reading("agent.yaml", text, Map.of());
      reading.root().secret("url", "embedded");
      assertEquals("embedded", reading.settings().getFirst().value());
    }
  }

  @Test
  void showsArgumentsWithoutTheirSecrets() throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", "command: [w, 'x://u:p@h', --token, t]", Map.of());
    List<String> command = reading.root().texts("command", List.of());
    assertEquals(List.of("w", "x://u:p@h", "--token", "t"), command);
    assertEquals("[w, x://u:***@h, --token, ***]", reading.settings().getFirst().value());
  }

  @Test
  void namesTheEnvironmentVariableWhenItIsWrong() throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", "", Map.of("SELFHEAL_AGENT_PORT", "x"));
    reading.root().section("agent").integer("port", 1, 0, 9);
    assertEquals("SELFHEAL_AGENT_PORT", problems(reading).getFirst().where());
  }

  @Test
  void refusesAVariableThatOverridesNothing() throws BadConfiguration {
    Reading reading =
        new Reading(
            "agent.yaml", "", Map.of("SELFHEAL_DATABSE_URL", "x", "SELFHEAL_CONFIG", "y", "Z", ""));
    reading.root().section("database").secret("url", "embedded");
    assertEquals(
        List.of(
            "the environment: SELFHEAL_DATABSE_URL: overrides no key;"
                + " did you mean \"SELFHEAL_DATABASE_URL\"?"),
        problems(reading).stream().map(Problem::toString).toList());
  }

  @Test
  void saysWhereTheYamlItselfIsBroken() {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> read("agent:\n  port: 1\n bad: [\n"));
    assertTrue(bad.getMessage().startsWith("agent.yaml:3:"), bad.getMessage());
    BadConfiguration twice = assertThrows(BadConfiguration.class, () -> read("a: 1\na: 2\n"));
    assertTrue(twice.getMessage().contains("agent.yaml:2"), twice.getMessage());
    BadConfiguration list = assertThrows(BadConfiguration.class, () -> read("- a\n"));
    assertTrue(list.getMessage().contains("not a mapping"), list.getMessage());
  }

  @Test
  void aRequiredTextThatIsMissingPointsAtItsSection() throws BadConfiguration {
    Reading reading = read("workers:\n  - match: {}\n");
    Section worker = reading.root().sections("workers").getFirst();
    worker.section("match");
    worker.required("name", "write name: images");
    assertEquals(
        "agent.yaml:2: workers[0].name: is missing; write name: images",
        problems(reading).getFirst().toString());
  }

  @Test
  void aSecretNeverPrintsItself() {
    assertEquals("***", new Secret("hunter2").toString());
    assertFalse(List.of(new Secret("hunter2")).toString().contains("hunter2"));
  }

  private enum Level {
    LOW,
    HIGH
  }
}
