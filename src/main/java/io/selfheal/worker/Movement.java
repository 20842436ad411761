package io.selfheal.worker;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a process moves, from one reading to the next. It supports a verdict and never makes one: a
 * healthy process may wait, and a stuck one may spin. Pure.
 *
 * @param last the newest reading
 * @param before the one before it; null with the first
 * @param stillSince the mark of the reading from which on nothing moved
 */
record Movement(RawReading last, @Nullable RawReading before, long stillSince) {
  private static final double MEGABYTE = 1e6;

  /** With one more reading. */
  static Movement next(@Nullable Movement movement, RawReading now) {
    if (movement == null) {
      return new Movement(now, null, now.mark());
    }
    boolean moved = ticks(movement.last, now) > 0 || bytes(movement.last, now) > 0;
    return new Movement(now, movement.last, moved ? now.mark() : movement.stillSince);
  }

  /** For an operator; null while there is one reading only. */
  @Nullable String sentence(long ticksPerSecond) {
    if (before == null) {
      return null;
    }
    String who = "pid " + last.stat().pid();
    boolean io = last.io().isPresent() && before.io().isPresent();
    if (stillSince != last.mark()) {
      String what = io ? " used no CPU and no storage for " : " used no CPU for ";
      return who + what + Words.of(Duration.ofNanos(last.mark() - stillSince));
    }
    double cpu = (double) ticks(before, last) / ticksPerSecond;
    return String.format(
        Locale.ROOT,
        "%s used %.2f s of CPU%s in the last %s",
        who,
        cpu,
        io
            ? String.format(Locale.ROOT, " and %.1f MB of storage", bytes(before, last) / MEGABYTE)
            : "",
        Words.of(Duration.ofNanos(last.mark() - before.mark())));
  }

  private static long ticks(RawReading before, RawReading now) {
    return now.stat().cpuTicks() - before.stat().cpuTicks();
  }

  private static long bytes(RawReading before, RawReading now) {
    if (before.io().isEmpty() || now.io().isEmpty()) {
      return 0;
    }
    ProcIo from = before.io().get();
    ProcIo to = now.io().get();
    return to.readBytes() - from.readBytes() + to.writeBytes() - from.writeBytes();
  }
}
