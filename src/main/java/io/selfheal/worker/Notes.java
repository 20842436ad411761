package io.selfheal.worker;

import io.selfheal.file.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the agent is about to change for a while, written down before it does: one that is killed in
 * the middle finds here what was there before. Blocks.
 *
 * @param folder {@code <data directory>/workers}
 */
record Notes(Path folder) {
  /** What is written under a name; empty when nothing is. */
  Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(file(name)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** On the disk when this returns, wholly or not at all. */
  void write(String name, String text) throws IOException {
    Whole.write(file(name), text);
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  private Path file(String name) {
    return folder.resolve(name + ".note");
  }
}
