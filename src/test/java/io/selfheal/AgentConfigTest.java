package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
  private static final Path SHIPPED = Path.of("conf/agent.yaml");
  private static final Environment NOTHING = new Environment(Map.of());

  private static AgentConfig parse(String text) throws BadConfiguration {
    return AgentConfig.parse(Path.of("agent.yaml"), text, NOTHING);
  }

  @Test
  void theShippedFileIsGoodAndHasEveryKeyWithItsDefault() throws BadConfiguration {
    AgentConfig shipped = AgentConfig.load(SHIPPED, NOTHING);
    AgentConfig empty = parse("");
    Map<String, String> defaults =
        empty.settings().stream().collect(Collectors.toMap(Setting::key, Setting::value));
    for (Setting setting : shipped.settings()) {
      assertTrue(setting.source().startsWith("conf/agent.yaml:"), "not in the file: " + setting);
      assertEquals(
          defaults.getOrDefault(setting.key(), setting.value()), setting.value(), setting.key());
    }
  }

  @Test
  void theExamplesInTheShippedFileAreGood() throws IOException {
    String text =
        Files.readString(SHIPPED)
            .replace("workers: []", "workers:")
            .replace("sources: []", "sources:")
            .replace("services: []", "services:")
            .replaceAll("(?m)^#  ", "  ");
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> parse(text));
    List<String> causes = bad.problems().stream().map(problem -> problem.cause()).toList();
    assertEquals(List.of("says more than one way to find images"), causes);
  }

  @Test
  void everyKeyOfTheShippedFileHasAComment() throws IOException {
    for (String line : Files.readAllLines(SHIPPED)) {
      boolean key = line.matches("\\s+[a-z_]+: .*");
      assertTrue(!key || line.contains(" # "), "no comment: " + line);
    }
  }

  @Test
  void problemsOfAllSectionsComeTogether() {
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () ->
                parse(
                    """
                    agent: { http: { port: 99999 } }
                    databse: { url: embedded }
                    host: { interval: 1ms }
                    journal: { retain: 0s }
                    workers: [ { name: "A B" } ]
                    """));
    assertEquals(5, bad.problems().size(), bad.getMessage());
    assertTrue(bad.getMessage().contains("did you mean \"database\"?"), bad.getMessage());
  }
}
