package io.selfheal.symptom;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a level did within a window of time, in {@value #BLOCKS} points whatever the window: of each
 * part of it the least that was read. So what comes and goes within a fifteenth of the window, such
 * as garbage before its collection or a temporary file, is not in it.
 */
final class Series {
  /** So many points are kept of a level. */
  static final int BLOCKS = 15;

  /** With so many of them there is a trend: readings may fail now and then. */
  private static final int ENOUGH = 10;

  private final long width;
  private final List<Block> blocks = new ArrayList<>(BLOCKS + 1);
  private @Nullable Trend trend;
  private boolean stale = true;

  /**
   * @param number which part of time it is
   * @param least the least reading of it
   */
  private record Block(long number, double least) {}

  Series(Duration window) {
    width = Math.max(1, window.toNanos() / BLOCKS);
  }

  /** Takes a reading in; one from before the newest part of time is left out. */
  void add(long mark, double value) {
    long number = Math.floorDiv(mark, width);
    Block last = blocks.isEmpty() ? null : blocks.getLast();
    if (last != null && number < last.number()) {
      return;
    }
    if (last != null && number == last.number()) {
      if (value < last.least()) {
        blocks.set(blocks.size() - 1, new Block(number, value));
        stale = true;
      }
      return;
    }
    blocks.add(new Block(number, value));
    blocks.removeIf(block -> block.number() <= number - BLOCKS);
    stale = true;
  }

  /** The trend over the window; empty until the window is over, or when too little was read. */
  Optional<Trend> trend() {
    if (stale) {
      stale = false;
      trend = compute();
    }
    return Optional.ofNullable(trend);
  }

  private @Nullable Trend compute() {
    if (blocks.size() < ENOUGH
        || blocks.getLast().number() - blocks.getFirst().number() < BLOCKS - 2) {
      return null;
    }
    List<Trend.Point> points =
        blocks.stream()
            .map(block -> new Trend.Point((double) block.number() * width / 1e9, block.least()))
            .toList();
    return Trend.of(points).orElse(null);
  }
}
