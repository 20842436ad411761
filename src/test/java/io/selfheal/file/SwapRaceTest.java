package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A directory is swapped for a link to elsewhere, and back, all the while. */
@Timeout(120)
class SwapRaceTest {
  private static final Globs ALL = Globs.of(List.of("**"));
  private static final int ROUNDS = 500;

  @TempDir private Path directory;

  @Test
  void nothingElsewhereIsTouched() throws Exception {
    Path top = directory.toRealPath();
    Path inside = Files.createDirectories(top.resolve("inside"));
    Path outside = Files.createDirectories(top.resolve("outside/deep"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(outside.resolve("f" + i), "keep");
    }
    Files.createDirectories(inside.resolve("d/deep"));
    Path link = Files.createSymbolicLink(inside.resolve("link"), outside.getParent());
    AtomicBoolean on = new AtomicBoolean(true);
    Thread swapper = Thread.ofPlatform().start(() -> swap(inside, link, on));
    long refused = 0;
    long removed = 0;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        for (Path one : List.of(Path.of("d/deep/f1"), Path.of("d/deep/f2"))) {
          try (Root root = Root.open(inside)) {
            removed += remove(root, one);
          } catch (Escape | NoSuchFileException swapped) {
            refused++;
          }
        }
      }
    } finally {
      on.set(false);
      swapper.join();
    }
    try (Stream<Path> left = Files.list(outside)) {
      assertEquals(20, left.count(), "files elsewhere");
    }
    assertTrue(refused > 0, "the link was met");
    assertTrue(removed > 0, "the directory was met");
  }

  private static long remove(Root root, Path file) throws Exception {
    Walk.of(root, ALL, found -> {});
    try (Folder above = root.above(file)) {
      above.link(Path.of("seed"), file.getFileName());
      return above.delete(file.getFileName()) ? 1 : 0;
    } catch (FileAlreadyExistsException raced) {
      return 0;
    }
  }

  /** The directory and the link take turns at one name, each by a rename. */
  private static void swap(Path inside, Path link, AtomicBoolean on) {
    Path name = inside.resolve("d");
    Path away = inside.resolve("away");
    try {
      Files.writeString(name.resolve("deep/seed"), "seed");
      while (on.get()) {
        Files.move(name, away);
        Files.move(link, name);
        Files.move(name, link);
        Files.move(away, name, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
