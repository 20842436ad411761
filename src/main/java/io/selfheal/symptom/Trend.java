package io.selfheal.symptom;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a level moves over time, robustly: the median of the slopes between every two points
 * (Theil–Sen), with the interval that holds the true one with 99 % confidence (Sen, 1968; from the
 * variance of Kendall's S). A few wild points move it by nothing. Pure.
 *
 * <p>The interval takes the points for independent, which the readings of one process are not. So a
 * growth counts as {@link #steady} only when all of the time had its part in it, and none was given
 * back: warm-up that levels off, a job that is done, steps, spikes and the sawtooth of a garbage
 * collector have a fifth of the time in which the floor did not rise. What remains is what moves
 * like a leak for a while by chance: of 2,000 random walks it called one moment in a hundred a
 * rise; against these stand the least growth of a rule and its {@code for}.
 *
 * @param perSecond the median slope
 * @param low the least slope that the points allow
 * @param high the greatest
 * @param growth by how much the floor rose: the level below which the points after a moment never
 *     fell again
 * @param newest by how much it rose in the newest two fifths of the time
 * @param steady each fifth of the time had at least a tenth of the growth: half of its share
 */
record Trend(
    double perSecond, double low, double high, double growth, double newest, boolean steady) {
  /** Fewer points say nothing with confidence. */
  static final int LEAST = 8;

  /** The normal distribution's bound that holds 99 % of it. */
  private static final double BOUND = 2.576;

  private static final int PARTS = 5;
  private static final double LEAST_PART = 0.1;

  /** One point. */
  record Point(double seconds, double value) {}

  /**
   * The trend of points in the order of time; empty when there are fewer than {@link #LEAST}, or
   * when they are of one moment.
   */
  static Optional<Trend> of(List<Point> points) {
    int count = points.size();
    if (count < LEAST || points.getLast().seconds() <= points.getFirst().seconds()) {
      return Optional.empty();
    }
    double[] slopes = slopes(points);
    int middle = slopes.length / 2;
    double median =
        slopes.length % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
    double half = BOUND * Math.sqrt(count * (count - 1.0) * (2.0 * count + 5) / 18);
    int low = (int) Math.floor((slopes.length - half) / 2) - 1;
    int high = (int) Math.ceil((slopes.length + half) / 2);
    double[] rises = rises(points);
    double growth = Arrays.stream(rises).sum();
    boolean steady =
        growth > 0 && Arrays.stream(rises).allMatch(part -> part >= LEAST_PART * growth);
    return Optional.of(
        new Trend(
            median,
            slopes[Math.max(0, low)],
            slopes[Math.min(slopes.length - 1, high)],
            growth,
            rises[PARTS - 2] + rises[PARTS - 1],
            steady));
  }

  private static double[] slopes(List<Point> points) {
    double[] slopes = new double[points.size() * (points.size() - 1) / 2];
    int next = 0;
    for (int i = 0; i < points.size(); i++) {
      Point from = points.get(i);
      for (int j = i + 1; j < points.size(); j++) {
        Point to = points.get(j);
        double time = to.seconds() - from.seconds();
        if (time > 0) {
          slopes[next++] = (to.value() - from.value()) / time;
        }
      }
    }
    double[] found = Arrays.copyOf(slopes, next);
    Arrays.sort(found);
    return found;
  }

  /** By how much the floor rose in each part of the time. */
  private static double[] rises(List<Point> points) {
    double start = points.getFirst().seconds();
    double part = (points.getLast().seconds() - start) / PARTS;
    double before = floor(points, start);
    double[] rises = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      boolean last = i == PARTS - 1;
      double after = last ? points.getLast().value() : floor(points, start + (i + 1) * part);
      rises[i] = after - before;
      before = after;
    }
    return rises;
  }

  private static double floor(List<Point> points, double from) {
    double least = Double.POSITIVE_INFINITY;
    for (Point point : points) {
      if (point.seconds() >= from - 1e-9) {
        least = Math.min(least, point.value());
      }
    }
    return least;
  }

  /** Whether the level surely rises, and goes on doing so. */
  boolean rises() {
    return steady && low > 0;
  }
}
