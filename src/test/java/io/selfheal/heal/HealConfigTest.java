package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealConfigTest {
  private static HealConfig read(String yaml) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", yaml, Map.of());
    HealConfig config = HealConfig.from(reading.root().section("healing"));
    reading.finish();
    return config;
  }

  @Test
  void defaults() throws BadConfiguration {
    assertEquals(Scene.CONFIG, read(""));
  }

  @Test
  void everyKey() throws BadConfiguration {
    HealConfig config =
        read(
            """
            healing:
              restart_limit: {restarts: 2, window: 1h, backoff: 3s, backoff_max: 9s}
              verify_for: 4s
              deadline: 20s
              attempts: 7
              grace: 0s
            """);
    assertEquals(
        new HealConfig(
            2,
            Duration.ofHours(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(9),
            Duration.ofSeconds(4),
            Duration.ofSeconds(20),
            7,
            Duration.ZERO),
        config);
  }

  @Test
  void contradictionsAreRefused() {
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () ->
                read(
                    """
                    healing:
                      restart_limit: {backoff: 10s, backoff_max: 1s}
                      verify_for: 2m
                      deadlin: 3m
                    """));
    String all = bad.getMessage() + bad;
    assertTrue(all.contains("backoff_max"), all);
    assertTrue(all.contains("healing.deadline"), all);
    assertTrue(all.contains("deadlin"), all);
  }
}
