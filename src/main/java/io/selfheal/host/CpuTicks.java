package io.selfheal.host;

import io.selfheal.message.HostSample.Cpu;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import oshi.hardware.CentralProcessor.TickType;

/** Shares of processor time from two readings of the tick counters. Pure. */
final class CpuTicks {
  private CpuTicks() {}

  /** Counters in the order of {@link TickType}: of all cores together, and of each core. */
  @SuppressWarnings("ArrayRecordComponent") // OSHI's own arrays, never changed here
  record Ticks(long[] total, long[][] perCore) {}

  /** The shares between two readings. */
  static Reading<Cpu> between(@Nullable Ticks before, Ticks now) {
    if (before == null) {
      return new Reading.None<>(Reading.NEEDS_TWO);
    }
    long[] spent = spent(before.total(), now.total());
    if (spent == null || before.perCore().length != now.perCore().length) {
      return new Reading.None<>(Reading.STARTED_OVER);
    }
    double all = sum(spent);
    if (all <= 0) {
      return new Reading.None<>("no data yet: the clock tick has not moved");
    }
    List<Double> cores = new ArrayList<>(now.perCore().length);
    for (int core = 0; core < now.perCore().length; core++) {
      OptionalDouble busy = busyShare(before.perCore()[core], now.perCore()[core]);
      if (busy.isEmpty()) {
        return new Reading.None<>(Reading.STARTED_OVER);
      }
      cores.add(busy.getAsDouble());
    }
    return new Reading.Data<>(
        new Cpu(
            busy(spent) / all,
            List.copyOf(cores),
            spent[TickType.STEAL.getIndex()] / all,
            spent[TickType.IOWAIT.getIndex()] / all));
  }

  /** A core whose counters stand still is offline: it is not busy. */
  private static OptionalDouble busyShare(long[] before, long[] now) {
    long[] spent = spent(before, now);
    if (spent == null) {
      return OptionalDouble.empty();
    }
    long all = sum(spent);
    return OptionalDouble.of(all <= 0 ? 0 : busy(spent) / (double) all);
  }

  /**
   * What each counter grew by; null when one started over. The kernel computes idle and iowait from
   * estimates and lets them fall a little now and then (proc_stat(5)): that is no time, not a new
   * start.
   */
  private static long @Nullable [] spent(long[] before, long[] now) {
    long[] spent = new long[now.length];
    for (TickType type : TickType.values()) {
      int at = type.getIndex();
      spent[at] = now[at] - before[at];
      if (spent[at] >= 0) {
        continue;
      }
      boolean estimate = type == TickType.IDLE || type == TickType.IOWAIT;
      if (!estimate || now[at] < before[at] / 2) {
        return null;
      }
      spent[at] = 0;
    }
    return spent;
  }

  private static long sum(long[] spent) {
    long sum = 0;
    for (long one : spent) {
      sum += one;
    }
    return sum;
  }

  private static long busy(long[] spent) {
    return sum(spent) - spent[TickType.IDLE.getIndex()] - spent[TickType.IOWAIT.getIndex()];
  }
}
