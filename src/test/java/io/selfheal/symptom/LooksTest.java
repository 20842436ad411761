package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LooksTest {
  @ParameterizedTest
  @CsvSource({
    "0,    1000, 1000",
    "3,    1000, 1000",
    "500,  1000, 1000",
    "501,  1000, 1002",
    "1000, 1000, 2000",
    "5000, 1000, 10000",
    "7,    0,    14",
  })
  void looksAreAsFarApartAsIsAskedAndFillHalfOfTheTimeAtMost(long took, long every, long next) {
    long began = 42;
    long mark = Looks.next(nanos(began), nanos(began + took), Duration.ofMillis(every));
    assertEquals(nanos(began + next), mark);
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
