package io.selfheal.cli;

import io.selfheal.cli.Finding.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The text of {@code doctor}. Pure. */
final class DoctorPage {
  private static final String END = System.lineSeparator();
  private static final String PLAIN = "\u001b[0m";
  private static final Map<Level, String> COLOURS =
      Map.of(
          Level.OK, "\u001b[32m",
          Level.WARN, "\u001b[33m",
          Level.FAIL, "\u001b[31m");

  private DoctorPage() {}

  /** Whether nothing failed; warnings are no failures. */
  static boolean well(List<Finding> findings) {
    return findings.stream().noneMatch(finding -> finding.level() == Level.FAIL);
  }

  static String of(List<Finding> findings, boolean colour) {
    int width = findings.stream().mapToInt(finding -> finding.part().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(level(finding.level(), colour))
          .append(finding.part())
          .append(" ".repeat(width - finding.part().length() + 2))
          .append(finding.what())
          .append(END);
      if (!finding.mend().isEmpty()) {
        String begin = " ".repeat(width + 8);
        text.append(begin).append("-> ");
        text.append(finding.mend().replace("\n", END + begin + "   ")).append(END);
      }
    }
    return text.append(END).append(sum(findings)).append(END).toString();
  }

  private static String level(Level level, boolean colour) {
    String word = level.name().toLowerCase(Locale.ROOT);
    String padded = word + " ".repeat(6 - word.length());
    return colour ? COLOURS.get(level) + padded + PLAIN : padded;
  }

  private static String sum(List<Finding> findings) {
    return "%d ok, %d to look at, %d failed"
        .formatted(
            count(findings, Level.OK), count(findings, Level.WARN), count(findings, Level.FAIL));
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
