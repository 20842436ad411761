package io.selfheal.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measured durations of one kind, in milliseconds. */
final class Series {
  private final String name;
  private final double target;
  private final List<Double> values = new ArrayList<>();

  /**
   * @param target what the 99th percentile should not be above; 0 when there is none
   */
  Series(String name, double target) {
    this.name = name;
    this.target = target;
  }

  void add(Instant from, Instant to) {
    values.add(Duration.between(from, to).toNanos() / 1e6);
  }

  static String header() {
    return "%-34s %5s %9s %9s %9s %9s  %s"
        .formatted("ms", "runs", "median", "p90", "p99", "most", "target of p99");
  }

  /** One line of the table, over the values from one on up to another. */
  String line(int from, int to) {
    List<Double> sorted = values.subList(from, to).stream().sorted().toList();
    double p99 = at(sorted, 0.99);
    String judged = p99 <= target ? "met" : "MISSED";
    return String.format(
        Locale.ROOT,
        "%-34s %5d %9.2f %9.2f %9.2f %9.2f  %s",
        name,
        sorted.size(),
        at(sorted, 0.5),
        at(sorted, 0.9),
        p99,
        at(sorted, 1),
        target == 0 ? "" : "%.0f, %s".formatted(target, judged));
  }

  /** By nearest rank: a value that was measured. */
  static double at(List<Double> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
