package io.selfheal.worker;

import io.selfheal.message.ProcessSample;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a process as the kernel counts.
 *
 * @param io empty when the agent may not look
 * @param openFiles -1 when the agent may not look
 * @param mark when, on the forward clock, in nanoseconds
 */
record RawReading(ProcStat stat, Optional<ProcIo> io, int openFiles, long mark) {
  /** The sample for people: rates since the reading before. Pure. */
  ProcessSample since(@Nullable RawReading before, long ticksPerSecond, long pageBytes) {
    double seconds = before == null ? 0 : (mark - before.mark) / 1e9;
    double cpu = -1;
    double read = -1;
    double write = -1;
    if (before != null && seconds > 0) {
      long ticks = Math.max(0, stat.cpuTicks() - before.stat.cpuTicks());
      cpu = (double) ticks / ticksPerSecond / seconds;
      if (io.isPresent() && before.io.isPresent()) {
        read = rate(before.io.get().readBytes(), io.get().readBytes(), seconds);
        write = rate(before.io.get().writeBytes(), io.get().writeBytes(), seconds);
      }
    }
    long rss = stat.rssPages() * pageBytes;
    return new ProcessSample(cpu, rss, openFiles, stat.threads(), read, write, stat.state());
  }

  private static double rate(long before, long now, double seconds) {
    return Math.max(0, now - before) / seconds;
  }
}
