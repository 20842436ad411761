package io.selfheal.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds the word that was probably meant. Pure. */
public final class Suggestion {
  /** Of ten thousand words it would take too long to measure each. */
  private static final int MOST = 1_000;

  private Suggestion() {}

  /** {@code did you mean "x"?} when one is near, otherwise the allowed words. */
  public static String among(String word, Collection<String> allowed) {
    return near(word, allowed).stream()
        .findFirst()
        .map(candidate -> "did you mean \"" + candidate + "\"?")
        .orElse("allowed: " + String.join(", ", allowed.stream().sorted().toList()));
  }

  /** The words that are near enough to be meant, the nearest first; at most three. */
  public static List<String> near(String word, Collection<String> allowed) {
    int reach = Math.max(2, word.length() / 3);
    return allowed.stream()
        .limit(MOST)
        .filter(candidate -> Math.abs(candidate.length() - word.length()) <= reach)
        .map(candidate -> Map.entry(distance(word, candidate), candidate))
        .filter(candidate -> candidate.getKey() <= reach)
        .sorted(Map.Entry.comparingByKey())
        .limit(3)
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Edits, with a swap of neighbours as one (optimal string alignment). */
  static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = cell(a, b, cost, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cell(String a, String b, int[][] cost, int i, int j) {
    if (i == 0 || j == 0) {
      return i + j;
    }
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best =
        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
