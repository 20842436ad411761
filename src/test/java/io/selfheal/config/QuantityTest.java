package io.selfheal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "1.5m, 90000", "2h, 7200000", "7d, 604800000", "0s, 0"})
  void readsDurations(String text, long millis) {
    assertEquals(Optional.of(Duration.ofMillis(millis)), Quantity.duration(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "30", "-5s", "1e3s", "30 parsecs", "ten s", "1.s", "9999999999999999s"})
  void refusesWhatIsNoDuration(String text) {
    assertEquals(Optional.empty(), Quantity.duration(text));
  }

  @ParameterizedTest
  @CsvSource({"1B, 1", "64KiB, 65536", "256MiB, 268435456", "1.5GiB, 1610612736", "2MB, 2000000"})
  void readsBytes(String text, long bytes) {
    assertEquals(Optional.of(bytes), Quantity.bytes(text));
  }

  @Property
  void whatIsShownIsReadBack(@ForAll @LongRange(min = 0, max = 1L << 40) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertEquals(Optional.of(duration), Quantity.duration(Quantity.text(duration)));
  }
}
