package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PortsTest {
  @Property
  void staysOutsideOfTheRangeForOutgoingConnections(@ForAll long seed) {
    int below = Ports.candidate(32_768, 60_999, new Random(seed));
    int above = Ports.candidate(1024, 60_999, new Random(seed));

    assertTrue(below >= 15_000 && below < 32_768);
    assertTrue(above > 60_999 && above <= 65_535);
  }

  @Property
  void isAPortWhateverTheRange(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 65_535) int first,
      @ForAll @IntRange(min = 1, max = 65_535) int last) {
    int port = Ports.candidate(first, Math.max(first, last), new Random(seed));

    assertTrue(port >= 15_000 && port <= 65_535);
  }
}
