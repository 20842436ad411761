package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  @TempDir private Path directory;

  private record Ran(int exit, String out, String err) {}

  private static Ran run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine main = Main.commandLine(new Environment(environment));
    main.setOut(new PrintWriter(out, true));
    main.setErr(new PrintWriter(err, true));
    for (CommandLine each : main.getSubcommands().values()) {
      each.setOut(new PrintWriter(out, true));
      each.setErr(new PrintWriter(err, true));
    }
    int exit = main.execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }

  @Test
  void printsItsVersionForPeopleAndScripts() {
    Ran ran = run(Map.of(), "version");
    assertEquals(0, ran.exit());
    assertTrue(ran.out().startsWith("selfheal 0."), ran.out());
    assertTrue(run(Map.of(), "version", "-o", "json").out().startsWith("{\"version\":\"0."));
  }

  @Test
  void answersUsageErrorsWithTwo() {
    assertEquals(2, run(Map.of(), "runn").exit());
    assertEquals(2, run(Map.of()).exit());
    assertEquals(2, run(Map.of(), "run", "--port").exit());
  }

  @Test
  void checkSaysAllProblemsAndEndsWith78() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "agnet: {}\nhost: {interval: x}\n");
    Ran ran = run(Map.of(), "check", file.toString());
    assertEquals(78, ran.exit());
    assertTrue(ran.err().contains("a.yaml:1: agnet: is not a known key"), ran.err());
    assertTrue(ran.err().contains("a.yaml:2: host.interval:"), ran.err());
    assertTrue(ran.err().contains("2 problems; nothing was started."), ran.err());
  }

  @Test
  void checkSaysTheProblemsOfTheRulesWithTheirLines() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "agent: {name: a}\n");
    Files.writeString(
        directory.resolve("rules.yaml"), "rules:\n  - {name: A B, symptom: lowdisk}\n  - {}\n");
    Ran ran = run(Map.of(), "check", file.toString());
    assertEquals(78, ran.exit());
    assertTrue(ran.err().contains("rules.yaml:2: rules[0].name: is not a name"), ran.err());
    assertTrue(ran.err().contains("\"lowdisk\" is no symptom; one of "), ran.err());
    assertTrue(ran.err().contains("rules.yaml:3: rules[1].name: is missing"), ran.err());
  }

  @Test
  void runRefusesABadConfigurationWith78() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "agent: 3\n");
    assertEquals(78, run(Map.of(), "run", "--config", file.toString()).exit());
    Path missing = directory.resolve("missing.yaml");
    Ran ran = run(Map.of("SELFHEAL_CONFIG", missing.toString()), "run");
    assertEquals(78, ran.exit());
    assertTrue(ran.err().contains("there is no such file"), ran.err());
  }

  @Test
  void checkAcceptsTheShippedFile() {
    Ran ran = run(Map.of(), "check", "--config", "conf/agent.yaml");
    Ran same = run(Map.of(), "check", "conf/agent.yaml");
    assertEquals(same.out(), ran.out());
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().contains("is good"), ran.out());
  }

  @Test
  void statusSaysThatNoAgentRunsAndHowToStartOne() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Ran ran = run(Map.of(), "status", "--url", "http://127.0.0.1:" + port);
    assertEquals(1, ran.exit());
    assertTrue(ran.err().contains("No agent answers"), ran.err());
    assertTrue(ran.err().contains("agent.sh run"), ran.err());
  }
}
