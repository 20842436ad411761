package io.selfheal.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The one place where tests wait: for a condition, looked at again and again, within a limit. */
final class Await {
  /** For what takes a second or a few; generous, for machines are slow at times. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = 1_000_000;

  private Await() {}

  /** Something that may fail while it is not there yet. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Lets a moment pass, so that what comes next comes at a random time. */
  static void moment(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Waits at most {@link #LIMIT}. */
  static void until(String what, Supplier<String> explanation, Condition condition)
      throws InterruptedException {
    until(what, LIMIT, explanation, condition);
  }

  /**
   * Waits.
   *
   * @param explanation what to tell when it does not come
   */
  static void until(String what, Duration limit, Supplier<String> explanation, Condition condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
        last = null;
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception notYet) {
        last = notYet;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("not within " + limit + ": " + what + "\n" + explanation.get(), last);
  }
}
