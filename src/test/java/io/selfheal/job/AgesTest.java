package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1 s",
    "59999, 59 s",
    "60000, 1 min",
    "2703000, 45 min 3 s",
    "3600000, 1 h",
    "5400000, 1 h 30 min",
    "187200000, 2 d 4 h"
  })
  void readsWell(long millis, String text) {
    assertEquals(text, Ages.text(Duration.ofMillis(millis)));
  }
}
