package io.selfheal.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a peer says of its workers, line by line, as it says it. */
final class PeerLog {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int TAIL = 20;

  private final Language language;
  private final List<String> lines = new ArrayList<>();
  private final List<Said> said = new ArrayList<>();

  /** What a line means. */
  enum Meaning {
    /** Something is wrong with it. */
    DETECTED,
    /** All is well with it. */
    HEALED
  }

  /**
   * One line that says something of a worker or disk.
   *
   * @param about its name
   * @param at when it was said
   */
  record Said(String about, Meaning meaning, Instant at) {}

  /** How a peer words its log. */
  @FunctionalInterface
  interface Language {
    /**
     * Reads a line.
     *
     * @param readAt when it was read, for a log whose lines have no better time
     */
    Optional<Said> read(String line, Instant readAt);
  }

  private PeerLog(Language language) {
    this.language = language;
  }

  /** Reads on until the stream ends. */
  static PeerLog of(String name, InputStream stream, Language language) {
    PeerLog log = new PeerLog(language);
    Thread.ofPlatform().daemon().name("log of " + name).start(() -> log.follow(stream));
    return log;
  }

  private void follow(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        hear(line, Instant.now());
      }
    } catch (IOException ended) {
      hear("its output ended: " + ended.getMessage(), Instant.now());
    }
  }

  private synchronized void hear(String line, Instant now) {
    lines.add(line);
    language.read(line, now).ifPresent(said::add);
    notifyAll();
  }

  /** The first time since then that it said so. */
  synchronized Instant await(Instant since, String about, Meaning meaning)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      for (Said one : said) {
        if (one.about().equals(about) && one.meaning() == meaning && !one.at().isBefore(since)) {
          return one.at();
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("it did not say " + meaning + " of " + about + " within " + LIMIT);
      }
      wait(left);
    }
  }

  /** Its newest lines. */
  synchronized String tail() {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }
}
