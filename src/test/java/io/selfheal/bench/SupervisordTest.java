package io.selfheal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bench.PeerLog.Meaning;
import io.selfheal.bench.PeerLog.Said;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SupervisordTest {
  @Test
  void theEndOfAProcessIsDetection() {
    assertEquals(
        Optional.of(
            new Said("killed.3", Meaning.DETECTED, Instant.parse("2026-11-25T19:10:11.123999Z"))),
        Supervisord.read(
            "2026-11-25 19:10:11,123 WARN exited: killed.3 (terminated by SIGKILL; not expected)",
            ZoneOffset.UTC));
  }

  @Test
  void aProcessThatStaysUpIsHealed() {
    assertEquals(
        Optional.of(
            new Said("crashing.12", Meaning.HEALED, Instant.parse("2026-11-25T18:10:12.000999Z"))),
        Supervisord.read(
            "2026-11-25 19:10:12,000 INFO success: crashing.12 entered RUNNING state, process has"
                + " stayed up for > than 1 seconds (startsecs)",
            ZoneId.of("Europe/Berlin")));
  }

  @Test
  void otherLinesMeanNothing() {
    for (String line :
        new String[] {
          "2026-11-25 19:10:11,123 INFO spawned: 'killed.3' with pid 4711",
          "2026-11-25 19:10:11,123 INFO supervisord started with pid 1",
          "exited: killed.3 (terminated by SIGKILL; not expected)",
          ""
        }) {
      assertEquals(Optional.empty(), Supervisord.read(line, ZoneOffset.UTC), line);
    }
  }

  @Test
  void eachFaultThatItCanHealHasItsWorkers() throws Exception {
    try (Yard yard = new Yard(7)) {
      String config = Supervisord.config(yard);
      assertTrue(config.contains("[program:killed]"), config);
      assertTrue(
          config.contains(
              "command=sh %1$s/worker.sh %1$s crashing.%%(process_num)d"
                  .formatted(yard.directory())),
          config);
      assertTrue(config.contains("process_name=%(program_name)s.%(process_num)d"), config);
      assertTrue(config.contains("numprocs=7"), config);
    }
  }
}
