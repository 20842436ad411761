package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The composition root itself. */
@Timeout(120)
class AgentTest {
  /** Its start waits for PostgreSQL a while; a stop must not. */
  @Test
  void stopsInTheMiddleOfAStart(@TempDir Path home) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String text =
          """
          agent:
            name: half
            data_dir: %s
            http: {port: 0}
          database: {url: "postgresql://nobody:secret@127.0.0.1:%d/nothing"}
          """
              .formatted(home, silent.getLocalPort());
      Agent agent =
          new Agent(
              AgentConfig.parse(Path.of("agent.yaml"), text, new Environment(Map.of())),
              Kinds.own(Path.of("unused")),
              RuleFile.read(Optional.empty(), Kinds.own(Path.of("unused"))));
      Future<Void> starting = agent.start();
      silent.accept();
      assertFalse(starting.isComplete());
      agent.stop("a test", Duration.ofSeconds(10));
      assertFalse(starting.succeeded());
    }
  }
}
