package io.selfheal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sweeps and single statements in turn, so that both meet the same machine: one of each alone is
 * off by a fifth and more.
 */
final class SweepRounds {
  /** Of each. */
  static final int ROUNDS = 5;

  private final List<Double> singles = new ArrayList<>();
  private final List<Double> sweeps = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();

  /** Milliseconds of one round. */
  void add(double single, double swept) {
    singles.add(single);
    sweeps.add(swept);
    ratios.add(swept / single);
  }

  /** Milliseconds of the median sweep. */
  double swept() {
    return median(sweeps);
  }

  /** Of the sweep to the single statement of its round; the median. */
  double ratio() {
    return median(ratios);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "one single statement: %s ms; swept: %s ms; ratios %s (medians of %d, least to most)",
        spread("%.0f", singles),
        spread("%.0f", sweeps),
        spread("%.2f", ratios),
        singles.size());
  }

  private static String spread(String form, List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    String all = form + " (" + form + " to " + form + ")";
    return String.format(Locale.ROOT, all, median(values), sorted.getFirst(), sorted.getLast());
  }

  private static double median(List<Double> values) {
    return Series.at(values.stream().sorted().toList(), 0.5);
  }
}
