package io.selfheal.symptom;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TrendProperties {
  private static final long SECOND = 1_000_000_000L;

  private static List<Trend.Point> points(List<Double> levels) {
    List<Trend.Point> points = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      points.add(new Trend.Point(i, levels.get(i)));
    }
    return points;
  }

  @Property
  boolean theSlopeLiesInItsInterval(
      @ForAll @Size(min = 8, max = 40) List<@DoubleRange(min = -1e9, max = 1e9) Double> levels) {
    Trend trend = Trend.of(points(levels)).orElseThrow();
    return trend.low() <= trend.perSecond()
        && trend.perSecond() <= trend.high()
        && trend.growth() >= 0
        && trend.newest() <= trend.growth() + 1e-3;
  }

  /** Where it started from, and the unit, say nothing of how it moves. */
  @Property
  boolean itDependsOnNeitherLevelNorUnit(
      @ForAll @Size(15) List<@DoubleRange(min = 0, max = 1000) Double> levels,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double level,
      @ForAll @IntRange(min = 1, max = 1024) int unit) {
    Trend one = Trend.of(points(levels)).orElseThrow();
    List<Double> moved = levels.stream().map(value -> value * unit + level).toList();
    Trend other = Trend.of(points(moved)).orElseThrow();
    return Math.abs(one.perSecond() * unit - other.perSecond()) < 1e-5;
  }

  /** Whatever happens after the level came back to its least, nothing before it is growth. */
  @Property
  boolean whatCameBackInTheNewestThirdDoesNotRise(
      @ForAll @Size(15) List<@DoubleRange(min = 1, max = 1000) Double> levels,
      @ForAll @IntRange(min = 4, max = 14) int when) {
    List<Double> fallen = new ArrayList<>(levels);
    fallen.set(when, 0.0);
    return !Trend.of(points(fallen)).orElseThrow().rises();
  }

  /**
   * A true leak is found through noise of a fifth of what leaks within the window. By chance it may
   * look uneven for a few of the window's parts, but for most of its next fifth it does not.
   */
  @Property(tries = 200)
  boolean aLeakIsFoundThroughNoise(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 1000) double perSecond) {
    Random random = new Random(seed);
    Series series = new Series(Duration.ofMinutes(25));
    int found = 0;
    for (int i = 0; i < 1800; i++) {
      double noise = random.nextDouble() * perSecond * 300;
      series.add(i * SECOND, 1e6 + i * perSecond + noise);
      if (i >= 1500) {
        Trend trend = series.trend().orElseThrow();
        if (trend.low() <= 0 || Math.abs(trend.perSecond() / perSecond - 1) >= 0.2) {
          return false;
        }
        found += trend.rises() ? 1 : 0;
      }
    }
    return found > 150;
  }

  /**
   * However long noise is watched, it never rises for a third of the window. For a part or two of
   * it, it may: against these stands the time for which a rule wants to see it.
   */
  @Property(tries = 50)
  boolean noiseAroundALevelDoesNotRiseForLong(@ForAll long seed) {
    Random random = new Random(seed);
    Series series = new Series(Duration.ofSeconds(150));
    int rising = 0;
    for (int i = 0; i < 3000; i++) {
      series.add(i * SECOND, 100 + random.nextGaussian() * 10);
      rising = series.trend().filter(Trend::rises).isPresent() ? rising + 1 : 0;
      if (rising >= 50) {
        return false;
      }
    }
    return true;
  }
}
