package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * {@code resource_leak}: a process of a worker holds more and more memory, open files or threads,
 * and never less.
 *
 * <pre>
 * where: {worker: images, resources: [memory, files, threads], window: 30m}
 * enter: {memory: 64MiB, files: 50, threads: 20, time_left: 12h}
 * leave: {memory: 32MiB, files: 25, threads: 10}
 * </pre>
 *
 * <p>{@code worker} takes names, * for anything; default all workers; {@code resources} all three.
 * The numbers are the growth within the {@code window} (30s to 7d, default 30m) from which it
 * counts. It counts when the level rose steadily: in every fifth of the window, without coming back
 * to what it was before, and the slope is above zero with 99 % confidence. So the window must be
 * longer than the longest cycle of the process, such as that of a garbage collector or a batch, by
 * half. Warm-up that levels off, a step and a spike do not count.
 *
 * <p>{@code time_left}, where it is written, also asks that the resource be used up within that
 * time: memory that is available on the host, or files that the process may open (its
 * RLIMIT_NOFILE; where that is not known the growth alone counts). For threads no limit is known.
 *
 * <p>It is gone when no resource surely rises any more, or each rises more slowly, over the newest
 * two fifths of the window, than by what {@code leave} says (by default half of {@code enter}) in a
 * window; and when another process has taken the place. Until a process was watched for a window it
 * is unknown. The subject is the instance of the worker.
 */
final class ResourceLeak implements Symptom {
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final int MOST_COUNT = 1_000_000;

  @Override
  public String name() {
    return "resource_leak";
  }

  @Override
  public String description() {
    return "a worker's process holds more and more memory, open files or threads, and never less";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    Choice workers = Choice.from(where, "worker");
    Duration window =
        where.duration("window", Duration.ofMinutes(30), Duration.ofSeconds(30), LONGEST);
    Map<Holding, Band> growth = new EnumMap<>(Holding.class);
    growth.put(Holding.MEMORY, Band.bytes(enter, leave, "memory", 64L << 20));
    growth.put(Holding.FILES, Band.count(enter, leave, "files", 50, MOST_COUNT));
    growth.put(Holding.THREADS, Band.count(enter, leave, "threads", 20, MOST_COUNT));
    List<String> names = List.of("memory", "files", "threads");
    List<String> wanted = where.texts("resources", names);
    if (wanted.isEmpty() || !names.containsAll(wanted)) {
      where.reject("resources", wanted + " are not resources", "some of " + names);
    }
    growth.keySet().removeIf(resource -> !wanted.contains(resource.word()));
    LeakLimits limits = new LeakLimits(growth, TimeLeft.from(enter, leave));
    return () -> new Leaks(workers, window, limits);
  }
}
