package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** End to end: the demonstration itself, with its own judgement. */
class DemoTest {
  @Test
  @Timeout(600)
  void healsEveryFaultAndRunsEveryJobOnce() throws IOException {
    StringWriter told = new StringWriter();
    CommandLine command = Main.commandLine(new Environment(Map.of()));
    CommandLine demo = command.getSubcommands().get("demo");
    command.setOut(new PrintWriter(told, true));
    demo.setOut(new PrintWriter(told, true));
    int exit = command.execute("demo", "--once", "--port", Integer.toString(freePort()));
    Path log = Path.of("target", "demo", "agent.log");
    String agent = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "no log";
    assertEquals(0, exit, () -> told + "\n--- agent ---\n" + agent);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
