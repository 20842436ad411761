package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static Trend of(IntToDoubleFunction level, int count) {
    List<Trend.Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(new Trend.Point(i * 60, level.applyAsDouble(i)));
    }
    return Trend.of(points).orElseThrow();
  }

  @Test
  void aStraightLineHasItsSlope() {
    Trend trend = of(i -> 7 + i * 120, 15);
    assertEquals(2, trend.perSecond(), 1e-9);
    assertEquals(2, trend.low(), 1e-9);
    assertEquals(2, trend.high(), 1e-9);
    assertEquals(14 * 120, trend.growth(), 1e-9);
    assertTrue(trend.rises());
  }

  @Test
  void aFewWildPointsMoveItByNothing() {
    Trend trend = of(i -> i == 3 || i == 9 ? 1e9 : i * 120, 15);
    assertEquals(2, trend.perSecond(), 0.01);
    assertTrue(trend.rises());
  }

  @Test
  void aFallAndALevelDoNotRise() {
    assertFalse(of(i -> 5000 - i * 120, 15).rises());
    assertTrue(of(i -> 5000 - i * 120, 15).high() < 0);
    assertFalse(of(i -> 7, 15).rises());
    assertEquals(0, of(i -> 7, 15).growth(), 1e-9);
  }

  /** The bounds of Sen's interval at 15 points, by hand: C = 2.576 √(15·14·35/18) = 52.05. */
  @Test
  void theIntervalIsSens() {
    Trend trend = of(i -> i * i, 15);
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      for (int j = i + 1; j < 15; j++) {
        slopes.add((i + j) / 60.0);
      }
    }
    slopes.sort(Double::compare);
    // (105 - 52.05) / 2 = 26.5 and (105 + 52.05) / 2 = 78.5, counted from 1, the wider way.
    assertEquals(slopes.get(25), trend.low(), 1e-9);
    assertEquals(slopes.get(79), trend.high(), 1e-9);
  }

  @Test
  void whatHasATrendHasEnoughPointsAndTime() {
    List<Trend.Point> few = new ArrayList<>();
    for (int i = 0; i < Trend.LEAST - 1; i++) {
      few.add(new Trend.Point(i, i));
    }
    assertTrue(Trend.of(few).isEmpty());
    List<Trend.Point> atOnce = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      atOnce.add(new Trend.Point(5, i));
    }
    assertTrue(Trend.of(atOnce).isEmpty());
  }

  @Test
  void aSeriesNeedsItsWindow() {
    Series series = new Series(Duration.ofSeconds(150));
    for (int second = 0; second < 140; second++) {
      series.add(second * 1_000_000_000L, second);
      assertEquals(second >= 130, series.trend().isPresent(), "second " + second);
    }
    assertEquals(1, series.trend().orElseThrow().perSecond(), 1e-9);
  }

  @Test
  void aSeriesForgetsWhatIsOlderThanItsWindow() {
    Series series = new Series(Duration.ofSeconds(150));
    for (int second = 0; second < 600; second++) {
      series.add(second * 1_000_000_000L, second < 300 ? second : 300);
    }
    assertEquals(0, series.trend().orElseThrow().perSecond(), 1e-9);
  }

  @Test
  void aSeriesWithLargeHolesHasNoTrend() {
    Series series = new Series(Duration.ofSeconds(150));
    for (int second = 0; second < 150; second++) {
      if (second < 40 || second > 110) {
        series.add(second * 1_000_000_000L, second);
      }
    }
    assertTrue(series.trend().isEmpty());
  }

  @Test
  void aSeriesTakesNoReadingFromThePast() {
    Series series = new Series(Duration.ofSeconds(150));
    for (int second = 0; second < 150; second++) {
      series.add(second * 1_000_000_000L, second);
    }
    Trend before = series.trend().orElseThrow();
    series.add(0, -1e9);
    assertEquals(before, series.trend().orElseThrow());
  }
}
