package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.selfheal.container.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Boots a real systemd, and tells how {@link UnitCases} went in it. */
@Timeout(500)
class UnitsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> units() throws Exception {
    return Container.run(UnitCases.class, directory.toRealPath(), LIMIT).entrySet().stream()
        .map(one -> dynamicTest(one.getKey(), () -> assertEquals("", one.getValue())));
  }
}
