package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Problem;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Rung;
import io.selfheal.rule.Symptom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real jars, compiled and packed here. */
class PluginsTest {
  private static final Kinds NONE = new Kinds(Map.of(), Map.of());

  @TempDir private Path directory;

  private Path folder() {
    return directory.resolve("plugins");
  }

  private static PluginJar toy(String name) {
    return new PluginJar()
        .with("Toy", PluginJar.symptom("Toy", name))
        .providing(Symptom.class, "Toy");
  }

  private Problem problem() {
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> Plugins.with(NONE, folder()));
    assertEquals(1, bad.problems().size(), bad.getMessage());
    return bad.problems().getFirst();
  }

  private void refused(Path jar, String cause) {
    Problem problem = problem();
    assertEquals(jar.toString(), problem.where());
    assertTrue(problem.cause().contains(cause), problem.toString());
    assertTrue(!problem.hint().isBlank(), problem.toString());
  }

  @Test
  void aFolderThatIsNotThereOrEmptyBringsNothing() throws Exception {
    assertEquals(NONE, Plugins.with(NONE, folder()));
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("README"), "not a jar");
    assertEquals(NONE, Plugins.with(NONE, folder()));
  }

  @Test
  void aRuleCanNameWhatTheJarsBring() throws Exception {
    toy("has_memory").to(folder().resolve("toy.jar"));
    new PluginJar()
        .with("Idle", PluginJar.remedy("Idle", "be_idle"))
        .providing(Remedy.class, "Idle")
        .to(folder().resolve("idle.jar"));
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            rules:
              - name: memory
                symptom: has_memory
                enter: { more_than: 1GiB }
                ladder: [ { remedy: be_idle, with: { words: enough } } ]
            """);
    Rules rules =
        RuleFile.read(Optional.of(file), Plugins.with(Kinds.own(Path.of("unused")), folder()));
    Rule rule = rules.named("memory").orElseThrow();
    assertEquals("has_memory", rule.symptom());
    assertEquals(List.of("be_idle"), rule.ladder().stream().map(Rung::remedy).toList());
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () -> RuleFile.read(Optional.of(file), Kinds.own(Path.of("unused"))));
    assertTrue(bad.getMessage().contains("\"has_memory\" is no symptom"), bad.getMessage());
  }

  @Test
  void whatIsNoJarIsNamed() throws IOException {
    Files.createDirectories(folder());
    Path jar = Files.writeString(folder().resolve("broken.jar"), "this is no zip file");
    refused(jar, "cannot be read as a jar");
  }

  @Test
  void aJarThatProvidesNothingIsNamed() throws IOException {
    Path jar = new PluginJar().with("A", "class A {}").to(folder().resolve("library.jar"));
    refused(jar, "names neither a symptom nor a remedy");
  }

  @Test
  void aClassThatIsNotThereIsNamed() throws IOException {
    Path jar =
        new PluginJar().providing(Symptom.class, "Absent").to(folder().resolve("absent.jar"));
    refused(jar, "plugin.Absent");
  }

  @Test
  void aJarThatLacksWhatItNeedsIsNamed() throws IOException {
    Path jar =
        new PluginJar()
            .with("Toy", PluginJar.symptom("Toy", "toy").replace("\"toy\"", "Words.NAME.trim()"))
            .with("Words", "class Words { static final String NAME = \" toy\".concat(\" \"); }")
            .leavingOut("Words")
            .providing(Symptom.class, "Toy")
            .to(folder().resolve("half.jar"));
    refused(jar, "plugin/Words");
  }

  @Test
  void aClassThatIsOfAnotherKindOrCannotBeMadeIsNamed() throws IOException {
    Path wrong = toy("toy").providing(Remedy.class, "Toy").to(folder().resolve("wrong.jar"));
    refused(wrong, "plugin.Toy not a subtype");
    Files.delete(wrong);
    Path hidden =
        new PluginJar()
            .with(
                "Toy",
                PluginJar.symptom("Toy", "toy")
                    .replace("implements Symptom {", "implements Symptom { private Toy() {}"))
            .providing(Symptom.class, "Toy")
            .to(folder().resolve("hidden.jar"));
    refused(hidden, "plugin.Toy");
    Files.delete(hidden);
    Path throwing =
        new PluginJar()
            .with(
                "Toy",
                PluginJar.symptom("Toy", "toy")
                    .replace(
                        "implements Symptom {",
                        "implements Symptom { public Toy() { int[] none = {}; none[0] = 1; }"))
            .providing(Symptom.class, "Toy")
            .to(folder().resolve("throwing.jar"));
    refused(throwing, "ArrayIndexOutOfBounds");
  }

  @Test
  void aNameThatIsNoneIsRefused() throws IOException {
    refused(toy("Has Memory").to(folder().resolve("toy.jar")), "which is no name");
  }

  @Test
  void aNameThatIsTakenNamesWhoHasIt() throws Exception {
    toy("toy").to(folder().resolve("a.jar"));
    Path second = toy("toy").to(folder().resolve("b.jar"));
    refused(second, "has a name that a.jar has taken");
    Files.delete(second);
    Kinds own = Plugins.with(NONE, folder());
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> Plugins.with(own, folder()));
    assertTrue(
        bad.getMessage().contains("has a name that the agent itself has taken"), bad.getMessage());
  }

  @Test
  void whatEverybodyMayWriteIsNotLoaded() throws IOException {
    Path jar = toy("toy").to(folder().resolve("toy.jar"));
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
    refused(jar, "everybody may write to it");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    refused(folder(), "everybody may write to it");
  }

  @Test
  void aPluginThatThrowsWhileARuleIsReadIsAProblemOfTheRule() throws Exception {
    new PluginJar()
        .with(
            "Toy",
            PluginJar.symptom("Toy", "toy")
                .replace(
                    "long least =",
                    "if (where != null) throw new IllegalStateException(\"ouch\"); long least ="))
        .providing(Symptom.class, "Toy")
        .to(folder().resolve("toy.jar"));
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"), "rules:\n  - { name: a, symptom: toy }\n");
    Kinds kinds = Plugins.with(NONE, folder());
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> RuleFile.read(Optional.of(file), kinds));
    assertTrue(
        bad.getMessage().contains("rules.yaml:2: rules[0].symptom: failed"), bad.getMessage());
    assertTrue(bad.getMessage().contains("ouch"), bad.getMessage());
  }

  @Test
  void aNamedFolderMustBeThere() {
    Environment nothing = new Environment(Map.of());
    String text = "agent: { plugins: nowhere }\n";
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () -> AgentConfig.parse(directory.resolve("agent.yaml"), text, nothing));
    assertTrue(
        bad.getMessage()
            .contains("agent.plugins: there is no folder " + directory.resolve("nowhere")),
        bad.getMessage());
  }
}
