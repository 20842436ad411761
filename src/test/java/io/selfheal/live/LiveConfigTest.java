package io.selfheal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveConfigTest {
  @Test
  void hasDefaults() throws BadConfiguration {
    assertEquals(LiveConfig.defaults(), read(""));
    assertEquals(2_000, LiveConfig.defaults().maxClients());
    assertEquals(1 << 20, LiveConfig.defaults().queueBytes());
  }

  @Test
  void readsEveryKey() throws BadConfiguration {
    LiveConfig config = read("live: { max_clients: 5, queue: 2MiB }");
    assertEquals(5, config.maxClients());
    assertEquals(2 << 20, config.queueBytes());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThrows(BadConfiguration.class, () -> read("live: { max_clients: 0 }"));
    assertThrows(BadConfiguration.class, () -> read("live: { queue: 1KiB }"));
    assertThrows(BadConfiguration.class, () -> read("live: { clients: 1 }"));
  }

  private static LiveConfig read(String text) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", text, Map.of());
    LiveConfig config = LiveConfig.from(reading.root().section("live"));
    reading.finish();
    return config;
  }
}
