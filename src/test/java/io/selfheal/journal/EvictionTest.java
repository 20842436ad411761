package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionTest {
  @ParameterizedTest
  @CsvSource({
    "100, 5, 5, 5, NONE",
    "101, 5, 5, 5, OLDEST_WRITTEN",
    "101, 0, 5, 5, OLDEST_SAMPLE",
    "101, 0, 0, 5, OLDEST_FACT",
    "101, 0, 0, 0, NONE",
  })
  void whatGoesFirst(long bytes, long written, long samples, long facts, String step) {
    String chosen =
        Eviction.next(new Eviction.Held(bytes, written, samples, facts), 100)
            .map(Enum::name)
            .orElse("NONE");
    assertEquals(step, chosen);
  }
}
