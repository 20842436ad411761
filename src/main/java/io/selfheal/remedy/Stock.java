package io.selfheal.remedy;

import io.selfheal.file.Found;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;

/** What was found: all of it counted, and the oldest kept, for memory is small. */
final class Stock {
  /** So many files are dealt with in one act. */
  static final int MOST = 10_000;

  private final Comparator<Found> order;
  private final PriorityQueue<Found> oldest;
  private long files;
  private long bytes;

  /**
   * Empty.
   *
   * @param age by what a file is old
   */
  Stock(Function<Found, Instant> age) {
    this.order =
        Comparator.comparing(age).thenComparing(Found::path, Comparator.<Path>naturalOrder());
    this.oldest = new PriorityQueue<>(order.reversed());
  }

  void add(Found found) {
    files++;
    bytes += found.bytes();
    oldest.add(found);
    if (oldest.size() > MOST) {
      oldest.remove();
    }
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  /** Oldest first. */
  List<Found> oldest() {
    List<Found> all = new ArrayList<>(oldest);
    all.sort(order);
    return all;
  }
}
