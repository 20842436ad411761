package io.selfheal.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sha256sum(1) writes, with its escapes, and with {@code --tag}. Empty lines and those that
 * begin with {@code #} are passed over.
 *
 * @param byName names as they stand there, with their sums in lower case
 * @param problems lines that are none, and names that are there twice with different sums
 */
public record Sums(Map<String, String> byName, List<String> problems) {
  private static final long MOST_BYTES = 4 << 20;
  private static final Pattern PLAIN = Pattern.compile("(\\\\?)([0-9a-fA-F]{64}) [ *](.+)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
  private static final Pattern TAGGED =
      Pattern.compile("(\\\\?)SHA256 \\((.+)\\) = ([0-9a-fA-F]{64})");

  /** Copies both. */
  public Sums {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    problems = List.copyOf(problems);
  }

  /**
   * Reads a file of at most 4 MiB.
   *
   * @throws IOException when it cannot be read, or is too long to be one
   */
  public static Sums read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " is longer than 4 MiB: is it a list of sums?");
    }
    return parse(List.of(Files.readString(file, StandardCharsets.UTF_8).split("\r?\n", -1)));
  }

  /** From lines. */
  public static Sums parse(List<String> lines) {
    Map<String, String> byName = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher plain = PLAIN.matcher(line);
      Matcher tagged = TAGGED.matcher(line);
      if (plain.matches()) {
        add(byName, problems, name(plain.group(1), plain.group(3)), plain.group(2));
      } else if (tagged.matches()) {
        add(byName, problems, name(tagged.group(1), tagged.group(2)), tagged.group(3));
      } else {
        problems.add("line " + (i + 1) + " is not \"SUM  NAME\" as sha256sum writes it");
      }
    }
    return new Sums(byName, problems);
  }

  private static void add(
      Map<String, String> byName, List<String> problems, String name, String sum) {
    String lower = sum.toLowerCase(Locale.ROOT);
    String before = byName.putIfAbsent(name, lower);
    if (before != null && !before.equals(lower)) {
      problems.add(name + " is there twice, with different sums");
    }
  }

  /** A line that begins with a backslash has a name with line breaks or backslashes. */
  private static String name(String mark, String written) {
    if (mark.isEmpty()) {
      return written;
    }
    return ESCAPE
        .matcher(written)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    switch (escape.group(1)) {
                      case "n" -> "\n";
                      case "r" -> "\r";
                      default -> escape.group(1);
                    }));
  }
}
