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

/** Boots a real systemd, and tells how the cases went in it: by root, and by who may nothing. */
@Timeout(500)
class UnitsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> units() throws Exception {
    return Container.run(
            directory.toRealPath(),
            LIMIT,
            Container.Part.root(UnitCases.class),
            Container.Part.nobody(NobodyCases.class))
        .entrySet()
        .stream()
        .map(one -> dynamicTest(one.getKey(), () -> assertEquals("", one.getValue())));
  }
}
