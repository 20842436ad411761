package io.selfheal.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The process that a pid file names. */
record PidFileDiscovery(Path file, InstantSource wall) implements Discovery {
  private static final Duration MARGIN = Duration.ofSeconds(2);

  @Override
  public Finding find(List<ProcEntry> table, Duration settled) {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      byte[] text = new byte[64];
      int length;
      try (var in = Files.newInputStream(file)) {
        length = in.readNBytes(text, 0, text.length);
      }
      return choose(
          new String(text, 0, length, StandardCharsets.US_ASCII),
          Duration.between(written, wall.instant()),
          table);
    } catch (IOException unreadable) {
      return none("cannot be read: " + unreadable);
    }
  }

  /**
   * A daemon writes its file after it started. A process that started after the file was written
   * was given the pid of one that is gone.
   */
  Finding choose(String text, Duration writtenAgo, List<ProcEntry> table) {
    String word = text.strip().lines().findFirst().orElse("").strip();
    if (!word.matches("\\d{1,10}")) {
      return none("holds no pid");
    }
    long pid = Long.parseLong(word);
    Optional<ProcEntry> named =
        table.stream()
            .filter(entry -> entry.stat().pid() == pid && !entry.stat().ended())
            .findFirst();
    if (named.isEmpty()) {
      return none("names pid " + pid + ", which does not exist");
    }
    if (named.get().age().plus(MARGIN).compareTo(writtenAgo) < 0) {
      return none(
          "is stale: pid " + pid + " started after it was written, so it is another process");
    }
    return new Finding(List.of(named.get().stat()), true, "", true);
  }

  private Finding none(String why) {
    // A process may run that has not written its file yet.
    return new Finding(List.of(), false, "the pid file " + file + " " + why, false);
  }
}
