package io.selfheal.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lowers the scheduling priorities of all threads of a worker: the weaker way, which limits nothing
 * but lets others go first.
 *
 * @param nice the least niceness from now on, 0 to 19; -1: as it is
 * @param lowIo whether its disk priority becomes the lowest of the usual class, see ioprio_set(2)
 * @param threads all threads, as they are now
 */
record PriorityMeasure(int nice, boolean lowIo, Supplier<List<ThreadId>> threads)
    implements Measure {
  static final String NICE = "nice";
  static final String IO = "ioprio";

  private static final int LOWEST_IO = 2 << 13 | 7;
  private static final int ROUNDS = 3;

  /** A thread of a process, which is told from a later one by its start. */
  record ThreadId(long pid, long startTicks, long tid) {}

  @Override
  public String words() {
    List<String> words = new ArrayList<>();
    if (nice >= 0) {
      words.add("make it nicer (nice " + nice + ")");
    }
    if (lowIo) {
      words.add("give it the lowest disk priority of its class (ionice -c 2 -n 7)");
    }
    return String.join(", and ", words) + ", which is weaker than a limit";
  }

  @Override
  public List<String> before() {
    List<String> lines = new ArrayList<>();
    for (ThreadId thread : threads.get()) {
      String of = "\t%d\t%d\t%d\t".formatted(thread.pid(), thread.startTicks(), thread.tid());
      if (nice >= 0) {
        lines.add(NICE + of + NativePriority.nice(thread.tid()));
      }
      if (lowIo) {
        lines.add(IO + of + NativePriority.io(thread.tid()));
      }
    }
    return lines;
  }

  /** Threads that are born while this looks take after their parent, or are met in a next round. */
  @Override
  public void act() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      for (ThreadId thread : threads.get()) {
        if (nice >= 0 && NativePriority.nice(thread.tid()) < nice) {
          NativePriority.nice(thread.tid(), nice);
        }
        if (lowIo) {
          NativePriority.io(thread.tid(), LOWEST_IO);
        }
      }
    }
  }
}
