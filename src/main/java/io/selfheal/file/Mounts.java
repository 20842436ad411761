package io.selfheal.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something is mounted, in the agent's own mount namespace. A bind mount of the same file
 * system keeps {@code st_dev}: only here it shows.
 *
 * @param points of directories, and of single files
 */
record Mounts(Set<String> points) {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7]{2})");

  /** As it is now. */
  static Mounts now() throws IOException {
    return parse(Files.readString(MOUNTINFO, StandardCharsets.ISO_8859_1));
  }

  /** Reads lines of {@code id parent device root point …}, see proc_pid_mountinfo(5). */
  static Mounts parse(String text) {
    Set<String> points = new HashSet<>();
    text.lines()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length > POINT)
        .forEach(fields -> points.add(plain(fields[POINT])));
    return new Mounts(Set.copyOf(points));
  }

  boolean at(Path path) {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    return points.contains(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** The kernel writes space, tab, line feed and backslash as three octal digits. */
  private static String plain(String escaped) {
    return ESCAPE
        .matcher(escaped)
        .replaceAll(
            octal ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
  }
}
