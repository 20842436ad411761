package io.selfheal.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of each fault and tool, as one table in seconds. */
final class FaultTable {
  private static final String ROW = "%-20s %-12s %18s %18s %18s  %s";

  private final Map<Fault, Map<String, Row>> rows = new EnumMap<>(Fault.class);
  private final Map<Fault, List<String>> failures = new EnumMap<>(Fault.class);

  /** One fault and tool. */
  private static final class Row {
    private final List<Double> detected = new ArrayList<>();
    private final List<Double> gone = new ArrayList<>();
    private final List<Double> healed = new ArrayList<>();
    private int failed;
  }

  /**
   * One run that came to a good end.
   *
   * @param gone when the benchmark measured that the fault is over
   * @param healed when the tool said so
   */
  record Run(Instant at, Instant detected, Instant gone, Instant healed) {}

  private Row row(Fault fault, String tool) {
    return rows.computeIfAbsent(fault, first -> new LinkedHashMap<>())
        .computeIfAbsent(tool, first -> new Row());
  }

  synchronized void add(Fault fault, String tool, Run run) {
    Row row = row(fault, tool);
    row.detected.add(seconds(run.at(), run.detected()));
    row.gone.add(seconds(run.at(), run.gone()));
    row.healed.add(seconds(run.at(), run.healed()));
  }

  synchronized void failed(Fault fault, String tool, String why) {
    row(fault, tool).failed++;
    failures
        .computeIfAbsent(fault, first -> new ArrayList<>())
        .add(fault.title() + ", " + tool + ": " + why);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  static void header(PrintStream out) {
    out.println(ROW.formatted("s, median / p99", "", "detected", "healed", "verified", "runs"));
  }

  /** The lines of one fault, and why runs of it failed. */
  synchronized void print(PrintStream out, Fault fault) {
    rows.getOrDefault(fault, Map.of()).forEach((tool, row) -> out.println(line(fault, tool, row)));
    failures.getOrDefault(fault, List.of()).forEach(out::println);
  }

  /** How the medians of the peers compare with the agent's, fault by fault. */
  synchronized void ratios(PrintStream out) {
    rows.forEach((fault, tools) -> ratios(fault, tools).forEach(out::println));
  }

  private static String line(Fault fault, String tool, Row row) {
    int good = row.healed.size();
    return ROW.formatted(
        fault.title(),
        tool,
        pair(row.detected),
        pair(row.gone),
        pair(row.healed),
        row.failed == 0 ? "" + good : good + " of " + (good + row.failed));
  }

  private static String pair(List<Double> values) {
    return values.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.3f / %.3f", at(values, 0.5), at(values, 0.99));
  }

  private static double at(List<Double> values, double share) {
    return Series.at(values.stream().sorted().toList(), share);
  }

  private static List<String> ratios(Fault fault, Map<String, Row> tools) {
    Row own = tools.get(AgentTool.NAME);
    List<String> lines = new ArrayList<>();
    tools.forEach(
        (tool, row) -> {
          if (own != null && own != row && !own.gone.isEmpty() && !row.gone.isEmpty()) {
            lines.add(ratio(fault, tool, row, own));
          }
        });
    return lines;
  }

  private static String ratio(Fault fault, String tool, Row row, Row own) {
    return String.format(
        Locale.ROOT,
        "%s, medians, %s : %s = %.2f detected, %.2f healed",
        fault.title(),
        tool,
        AgentTool.NAME,
        at(row.detected, 0.5) / at(own.detected, 0.5),
        at(row.gone, 0.5) / at(own.gone, 0.5));
  }
}
