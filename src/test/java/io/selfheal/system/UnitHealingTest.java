package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.selfheal.container.Container;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real agent beside a real systemd: the workers are its units. */
@Timeout(500)
class UnitHealingTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> units() throws Exception {
    Path home = directory.toRealPath();
    String database = TestPostgres.freshDatabase().reveal();
    Files.writeString(home.resolve(UnitPremises.DATABASE), database);
    return Container.run(home, LIMIT, Container.Part.root(UnitHealingCases.class))
        .entrySet()
        .stream()
        .map(one -> dynamicTest(one.getKey(), () -> assertEquals("", one.getValue())));
  }
}
