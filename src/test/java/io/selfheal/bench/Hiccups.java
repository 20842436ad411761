package io.selfheal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How much later than asked for a thread wakes up on this machine, all the while: what no program
 * can be better than here and now.
 */
final class Hiccups implements AutoCloseable {
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<Double> late = new ArrayList<>();
  private volatile boolean closed;

  Hiccups() {
    Thread.ofPlatform().daemon().name("hiccups").start(this::nap);
  }

  private void nap() {
    while (!closed) {
      long begin = System.nanoTime();
      LockSupport.parkNanos(NAP_NANOS);
      long over = System.nanoTime() - begin - NAP_NANOS;
      synchronized (late) {
        late.add(Math.max(0, over) / 1e6);
      }
    }
  }

  @Override
  public String toString() {
    synchronized (late) {
      List<Double> sorted = late.stream().sorted().toList();
      return String.format(
          Locale.ROOT,
          "a thread of this machine woke up late by: median %.2f ms, p99 %.2f ms, most %.2f ms",
          Series.at(sorted, 0.5),
          Series.at(sorted, 0.99),
          Series.at(sorted, 1));
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
