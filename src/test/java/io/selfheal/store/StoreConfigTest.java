package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreConfigTest {
  @Test
  void hasDefaults() throws BadConfiguration {
    assertEquals(StoreConfig.defaults(), read("", Map.of()));
    assertEquals(StoreConfig.defaults(), read("database: {url: embedded}", Map.of()));
  }

  @Test
  void readsEveryKey() throws BadConfiguration {
    assertEquals(
        new StoreConfig(
            Optional.of(PostgresUrl.parse("postgresql://me:x@db/y")), 9, Duration.ofSeconds(2)),
        read(
            "database: {url: 'postgresql://me:x@db/y', pool: {max: 9}, statement_timeout: 2s}",
            Map.of()));
  }

  @Test
  void takesTheUrlFromTheEnvironmentFirst() throws BadConfiguration {
    StoreConfig config =
        read("database: {url: embedded}", Map.of("SELFHEAL_DATABASE_URL", "postgres://me@db"));

    assertEquals("db", config.url().orElseThrow().host());
  }

  @Test
  void tellsWhatIsWrong() {
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () ->
                read(
                    "database: {url: 'mysql://me:hush@db', pool: {max: 0}, statement_timeout: 1}",
                    Map.of()));

    assertEquals(3, bad.problems().size());
    String text = String.valueOf(bad.getMessage());
    assertTrue(text.contains("database.url: it is not a PostgreSQL URL"), text);
    assertFalse(text.contains("hush"), text);
  }

  private static StoreConfig read(String yaml, Map<String, String> environment)
      throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", yaml, environment);
    StoreConfig config = StoreConfig.from(reading.root().section("database"));
    reading.finish();
    return config;
  }
}
