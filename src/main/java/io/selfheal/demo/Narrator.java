package io.selfheal.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells the terminal what happens. */
final class Narrator {
  private final PrintWriter out;
  private final boolean colour;
  private final Instant begun = Instant.now();

  Narrator(PrintWriter out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  /** A new chapter. */
  void chapter(String text) {
    out.println();
    line(paint("1", text));
  }

  /** The demo does something bad. */
  void breaks(String text) {
    line(paint("31", "  ✗ " + text));
  }

  /** Something is seen. */
  void sees(String text) {
    line("  · " + text);
  }

  /** Something good. */
  void heals(String text) {
    line(paint("32", "  ✓ " + text));
  }

  /** The table at the end. */
  void table(List<FaultReport> reports) {
    out.println();
    String form = "%-38s  %-14s  %-12s  %s%n";
    out.printf(form, "FAULT", "DETECTED AFTER", "HEALED AFTER", "OUTCOME");
    for (FaultReport report : reports) {
      out.printf(
          form,
          report.fault(),
          text(report.detectedAfter()),
          text(report.healedAfter()),
          paint(report.good() ? "32" : "31", report.outcome()));
    }
    out.println();
    out.flush();
  }

  /** A line without a time. */
  void plain(String text) {
    out.println(text);
    out.flush();
  }

  static String text(@Nullable Duration duration) {
    if (duration == null) {
      return "-";
    }
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  private void line(String text) {
    double seconds = Duration.between(begun, Instant.now()).toMillis() / 1000.0;
    out.printf(Locale.ROOT, "%6.1fs %s%n", seconds, text);
    out.flush();
  }

  private String paint(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
