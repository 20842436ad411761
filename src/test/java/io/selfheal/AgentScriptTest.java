package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agent.sh starts Java with; the Java here only prints it. */
class AgentScriptTest {
  private static final String SMALL = "-XX:TieredStopAtLevel=1";

  @TempDir private Path directory;

  @BeforeEach
  void lay() throws IOException {
    Path home = Path.of(System.getProperty("selfheal.home", "")).toAbsolutePath();
    Files.copy(home.resolve("agent.sh"), directory.resolve("agent.sh"));
    Path java = directory.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$*\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    write("with.yaml", "agent: { name: a }\nservices:   # paid ones\n  - name: openai\n");
    write("without.yaml", "agent: { name: a }\nservices: []\n#services:\n  #- name: openai\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private record Ran(int exit, String said) {}

  private Ran run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of("sh", "agent.sh"), Stream.of(words)).toList())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SELFHEAL_"));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process running = builder.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(running.waitFor(), said);
  }

  private boolean small(Map<String, String> environment, String... words) throws Exception {
    Ran ran = run(environment, words);
    assertEquals(0, ran.exit(), ran.said());
    assertTrue(ran.said().contains("-XX:+UseSerialGC"), ran.said());
    return ran.said().contains(SMALL);
  }

  @Test
  void anAgentWithServicesIsCompiledForManyPermits() throws Exception {
    assertEquals(false, small(Map.of(), "run", "--config", "with.yaml"));
    assertEquals(false, small(Map.of(), "run", "--config=with.yaml"));
    assertEquals(false, small(Map.of("SELFHEAL_CONFIG", "with.yaml"), "run"));
    assertEquals(true, small(Map.of(), "run", "--config", "without.yaml"));
    assertEquals(true, small(Map.of(), "run", "--config", "missing.yaml"));
    assertEquals(true, small(Map.of(), "services", "--config", "with.yaml"));
  }

  @Test
  void thatCanBeSaidOtherwise() throws Exception {
    String busy = "SELFHEAL_BUSY";
    assertEquals(true, small(Map.of(busy, "no"), "run", "--config", "with.yaml"));
    assertEquals(false, small(Map.of(busy, "yes"), "run", "--config", "without.yaml"));
    Ran wrong = run(Map.of(busy, "maybe"), "run");
    assertEquals(78, wrong.exit());
    assertEquals(
        List.of("SELFHEAL_BUSY is yes, no or auto, not \"maybe\"."), wrong.said().lines().toList());
  }
}
