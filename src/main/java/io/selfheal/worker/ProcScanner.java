package io.selfheal.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scans all of {@code /proc}; blocks for some 20 µs a process. Used by one thread at a time.
 *
 * <p>Arguments and control groups are read again only while a process is young, and of all
 * processes now and then: they change by exec, or when a supervisor moves a child, which is mostly
 * soon after the fork.
 */
final class ProcScanner {
  private static final long YOUNG_SECONDS = 10;
  private static final int ALL_EVERY = 15;

  private final Proc proc;
  private final boolean commands;
  private final boolean cgroups;
  private Map<Long, ProcEntry> known = Map.of();
  private int scans;

  ProcScanner(Proc proc, boolean commands, boolean cgroups) {
    this.proc = proc;
    this.commands = commands;
    this.cgroups = cgroups;
  }

  /**
   * Every process that the agent can see.
   *
   * @param anew whether to read the arguments and control groups of all of them
   */
  List<ProcEntry> scan(boolean anew) {
    boolean all = scans++ % ALL_EVERY == 0 || anew;
    Map<Long, ProcEntry> found = new HashMap<>();
    for (long pid : proc.pids()) {
      proc.stat(pid).ifPresent(stat -> found.put(pid, entry(stat, all)));
    }
    known = found;
    return List.copyOf(found.values());
  }

  private ProcEntry entry(ProcStat stat, boolean again) {
    ProcEntry before = known.get(stat.pid());
    boolean same =
        !again
            && before != null
            && before.stat().startTicks() == stat.startTicks()
            && before.stat().name().equals(stat.name())
            && before.age().toSeconds() >= YOUNG_SECONDS;
    Duration age = proc.age(stat.startTicks());
    if (before != null && same) {
      return new ProcEntry(stat, age, before.command(), before.cgroups());
    }
    return new ProcEntry(
        stat,
        age,
        commands ? proc.command(stat.pid()) : "",
        cgroups ? proc.cgroups(stat.pid()) : List.of());
  }

  /** A process that an agent with this data directory started. */
  record Marked(ProcStat stat, Marks marks) {}

  /**
   * Every living process that carries the marks of this data directory and leads its session,
   * oldest first. What such a process starts inherits the marks, and does not lead that session.
   * One that was just started may not have called setsid(2) yet; its name tells.
   */
  static List<Marked> marked(Proc proc, String home) {
    List<Marked> found = new ArrayList<>();
    for (long pid : proc.pids()) {
      Optional<ProcStat> stat =
          proc.stat(pid)
              .filter(one -> !one.ended())
              .filter(one -> one.session() == one.pid() || one.name().equals("setsid"));
      if (stat.isPresent()) {
        proc.marks(pid)
            .filter(marks -> marks.home().equals(home))
            .ifPresent(marks -> found.add(new Marked(stat.get(), marks)));
      }
    }
    found.sort((left, right) -> Long.compare(left.stat().startTicks(), right.stat().startTicks()));
    return found;
  }
}
