package io.selfheal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bench.PeerLog.Meaning;
import io.selfheal.bench.PeerLog.Said;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitTest {
  private static final Instant NOW = Instant.parse("2026-11-25T19:10:11.123Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'hung.1' process is not running",
        "[2026-11-25T19:10:11+0000] error    : 'hung.1' process is not running",
        "'hung.1' process with pid 5689 is a zombie",
        "'hung.1' failed protocol test [HTTP] at [127.0.1.1]:7981 [TCP/IP] -- HTTP: Error receiving"
            + " data -- Resource temporarily unavailable",
        "'hung.1' space usage 96.9% matches resource limit [space usage > 90.0%]"
      })
  void whatIsWrongIsDetection(String line) {
    assertEquals(Optional.of(new Said("hung.1", Meaning.DETECTED, NOW)), Monit.read(line, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'killed.20' process is running with pid 5753",
        "'killed.20' connection succeeded to [127.0.1.1]:7981 [TCP/IP]",
        "'killed.20' space usage test succeeded [current space usage = 0.0%]"
      })
  void aCheckThatSucceedsIsHealed(String line) {
    assertEquals(Optional.of(new Said("killed.20", Meaning.HEALED, NOW)), Monit.read(line, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'killed.1' trying to restart",
        "'killed.1' start: '/bin/sh -c setsid sh worker.sh'",
        "'crashing.1' failed to start (exit status 0) -- no output",
        "'killed.1' zombie check succeeded",
        "'vm' Monit 5.33.0 started",
        "Starting Monit 5.33.0 daemon",
        ""
      })
  void otherLinesMeanNothing(String line) {
    assertEquals(Optional.empty(), Monit.read(line, NOW));
  }

  @Test
  void onlyWorkersThatAnswerAreProbed() throws Exception {
    try (Yard yard = new Yard(2)) {
      String config = Monit.config(yard);
      String probe =
          "if failed host 127.0.1.2 port %d protocol http with timeout 1 seconds then restart\n"
              .formatted(yard.port(Fault.HUNG));
      assertTrue(config.startsWith("set daemon 1\n"), config);
      assertTrue(config.contains(probe), config);
      assertEquals(8, config.split("check process", -1).length - 1, config);
      assertEquals(4, config.split("if failed host", -1).length - 1, config);
      assertFalse(config.contains("check filesystem"), "no disk is mounted");
      assertFalse(Monit.can(yard).contains(Fault.LOW_DISK), "no disk is mounted");
    }
  }
}
