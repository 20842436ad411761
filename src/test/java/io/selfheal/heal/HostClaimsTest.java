package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostClaimsTest {
  private static final String DISK = "mount/var/log";

  @TempDir private Path directory;
  private HostClaims one;
  private HostClaims other;

  @BeforeEach
  void open() {
    one = new HostClaims(List.of(directory));
    other = new HostClaims(List.of(directory));
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void whatOneHasAnotherWaitsForUntilAllItsIncidentsAreOver() {
    assertInstanceOf(Allowed.class, one.take(DISK, "a"));
    assertInstanceOf(Allowed.class, one.take(DISK, "a"));
    assertInstanceOf(Allowed.class, one.take(DISK, "b"));
    assertEquals(new Wait(null, "another agent of this host acts on it"), other.take(DISK, "c"));
    assertInstanceOf(Allowed.class, other.take("mount/", "c"));
    one.release("a");
    assertInstanceOf(Wait.class, other.take(DISK, "c"));
    one.release("b");
    assertInstanceOf(Allowed.class, other.take(DISK, "c"));
    assertInstanceOf(Wait.class, one.take(DISK, "a"));
  }

  @Test
  void whatAnAgentHadIsFreeWhenItStops() {
    one.take(DISK, "a");
    one.close();
    assertInstanceOf(Allowed.class, other.take(DISK, "b"));
  }

  @Test
  void aPlaceThatCannotBeUsedIsPassedOverAndWithoutAnyItIsSaid() throws IOException {
    Path missing = directory.resolve("missing");
    try (HostClaims second = new HostClaims(List.of(missing, directory));
        HostClaims none = new HostClaims(List.of(missing))) {
      second.take(DISK, "a");
      assertInstanceOf(Wait.class, one.take(DISK, "b"));
      Ruling said = assertInstanceOf(Allowed.class, none.take(DISK, "c"));
      assertTrue(said.reason().contains("is not known"), said.reason());
      assertTrue(said.reason().contains(missing.toString()), said.reason());
    }
  }

  /** In a directory that all may write to anybody can lay a link. */
  @Test
  void aLinkIsNotFollowed() throws IOException {
    one.take(DISK, "a");
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.findFirst().orElseThrow();
    }
    Path trap = Files.createDirectory(directory.resolve("trap"));
    Path victim = directory.resolve("victim");
    Files.createSymbolicLink(trap.resolve(file.getFileName()), victim);
    try (HostClaims trapped = new HostClaims(List.of(trap))) {
      assertTrue(trapped.take(DISK, "b").reason().contains("is not known"));
    }
    assertTrue(Files.notExists(victim));
  }
}
