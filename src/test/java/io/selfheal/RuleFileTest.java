package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.rule.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of rules is true. */
class RuleFileTest {
  private static final Path HOME = Path.of(System.getProperty("selfheal.home", "."));
  private static final Kinds KINDS = Kinds.own(Path.of("unused"));

  @Test
  void theExampleOfTheReadmeIsGood(@TempDir Path directory) throws Exception {
    String example =
        Pattern.compile("```yaml\n(rules:\n.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(HOME.resolve("README.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .findFirst()
            .orElseThrow();
    Path file = Files.writeString(directory.resolve("rules.yaml"), example);
    Rules rules = RuleFile.read(Optional.of(file), KINDS);
    assertEquals(1, rules.all().size());
  }

  @Test
  void theFileThatIsShippedHasNoRuleAndExplainsEveryKind() throws Exception {
    Path file = HOME.resolve("conf").resolve("rules.yaml");
    assertEquals(0, RuleFile.read(Optional.of(file), KINDS).all().size());
    String text = Files.readString(file);
    Stream.concat(KINDS.symptoms().keySet().stream(), KINDS.remedies().keySet().stream())
        .forEach(kind -> assertTrue(text.contains(kind), kind + " is not explained in " + file));
  }
}
