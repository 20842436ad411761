package io.selfheal.symptom;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What this process holds open. */
final class Descriptors {
  private static final Path ALL = Path.of("/proc/self/fd");

  private Descriptors() {}

  /** How many lead to a file. */
  static long of(Path file) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(ALL)) {
      for (Path each : all) {
        count += leadsTo(each, file) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean leadsTo(Path descriptor, Path file) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(file);
    } catch (NoSuchFileException closedMeanwhile) {
      return false;
    }
  }
}
