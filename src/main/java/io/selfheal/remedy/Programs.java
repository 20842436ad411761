package io.selfheal.remedy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks whether a program can be started, to say so in better words than a failed exec does. */
final class Programs {
  private Programs() {}

  /**
   * Why not; empty when it can.
   *
   * @param path the directories to search, as in {@code PATH}
   */
  static Optional<String> missing(String program, Path directory, String path) {
    if (!Files.isDirectory(directory)) {
      return Optional.of("the directory " + directory + " does not exist");
    }
    if (program.contains("/")) {
      Path file = directory.resolve(program);
      return executable(file)
          ? Optional.empty()
          : Optional.of(file + " is not a file that the agent may execute");
    }
    for (String entry : path.split(":", -1)) {
      if (executable(directory.resolve(entry).resolve(program))) {
        return Optional.empty();
      }
    }
    return Optional.of("there is no program " + program + " in the path " + path);
  }

  private static boolean executable(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file);
  }
}
