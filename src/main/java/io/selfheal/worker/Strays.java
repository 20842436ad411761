package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Living processes that are not watched and may work on a job of one that is gone: descendants that
 * outlive it, and what a pid file no longer names. Pure but for {@link #scan}.
 */
final class Strays {
  private final Map<Long, Seen> table;

  private Strays(Map<Long, Seen> table) {
    this.table = table;
  }

  /**
   * One living process.
   *
   * @param group its control group, as {@link Kin#group} has it
   * @param marks what the agent wrote into its environment, or into that of one that started it
   */
  record Seen(ProcStat stat, Duration age, String group, @Nullable Marks marks) {}

  /**
   * Whose strays are looked for.
   *
   * @param ended its processes that were seen to end, with their ages
   * @param letGo its processes that are no longer watched
   * @param watched its processes that are
   * @param home the agent's data directory, when it starts the worker itself; null otherwise
   * @param groups control groups that hold nothing but this worker
   */
  record Suspect(
      String worker,
      List<Ancestor> ended,
      Set<ProcessIdentity> letGo,
      Set<ProcessIdentity> watched,
      @Nullable String home,
      Set<String> groups) {}

  /** A process that was seen to end. */
  record Ancestor(Fallen fallen, Duration startedAgo, Duration endedAgo) {}

  static Strays of(List<Seen> table) {
    return new Strays(
        table.stream()
            .filter(seen -> !seen.stat().ended())
            .collect(
                Collectors.toMap(
                    seen -> seen.stat().pid(), Function.identity(), (first, second) -> second)));
  }

  /** Reads all of {@code /proc}; blocks for some 50 µs a process. */
  static Strays scan(Proc proc) {
    List<String> own = proc.cgroups(ProcessHandle.current().pid());
    List<Seen> seen = new ArrayList<>();
    for (long pid : proc.pids()) {
      proc.stat(pid)
          .map(
              stat ->
                  new Seen(
                      stat,
                      proc.age(stat.startTicks()),
                      Kin.group(proc.cgroups(pid), own),
                      proc.marks(pid).orElse(null)))
          .ifPresent(seen::add);
    }
    return of(seen);
  }

  /** Whether the first process is among them: where it is hidden, others are. */
  boolean complete() {
    return table.containsKey(1L);
  }

  /** The strays of one worker, in words. */
  List<String> of(Suspect suspect, String bootId) {
    Map<Long, List<Ancestor>> sessions =
        suspect.ended().stream()
            .collect(Collectors.groupingBy(one -> one.fallen().kin().session()));
    Map<String, List<Ancestor>> groups =
        suspect.ended().stream().collect(Collectors.groupingBy(one -> one.fallen().kin().group()));
    List<String> words = new ArrayList<>();
    for (Seen seen : table.values()) {
      ProcessIdentity process = seen.stat().identity(bootId);
      if (suspect.watched().contains(process) || underWatched(seen, suspect, bootId)) {
        continue;
      }
      why(seen, suspect, process, sessions, groups)
          .ifPresent(
              why ->
                  words.add(
                      "pid "
                          + process.pid()
                          + " ("
                          + seen.stat().name()
                          + ") lives and may work on the job: "
                          + why));
    }
    return words;
  }

  private Optional<String> why(
      Seen seen,
      Suspect suspect,
      ProcessIdentity process,
      Map<Long, List<Ancestor>> sessions,
      Map<String, List<Ancestor>> groups) {
    if (suspect.letGo().contains(process)) {
      return Optional.of("it was watched as a process of " + suspect.worker() + " before");
    }
    Marks marks = seen.marks();
    if (marks != null
        && marks.worker().equals(suspect.worker())
        && marks.home().equals(suspect.home())) {
      return Optional.of("it has the environment of " + marks.instance());
    }
    Optional<Ancestor> sameSession =
        sessions.getOrDefault(seen.stat().session(), List.of()).stream()
            .filter(one -> ofSession(seen, one))
            .findFirst();
    if (sameSession.isPresent()) {
      return Optional.of("it is in the session of " + name(sameSession.get()));
    }
    if (seen.group().isEmpty()) {
      return Optional.empty();
    }
    if (suspect.groups().contains(seen.group())) {
      return Optional.of("it is in the control group " + seen.group());
    }
    return groups.getOrDefault(seen.group(), List.of()).stream()
        .filter(one -> inLifetime(seen, one))
        .findFirst()
        .map(one -> "it is in the control group of " + name(one));
  }

  private static String name(Ancestor one) {
    return one.fallen().instance() + ", which ended " + Words.of(one.endedAgo()) + " ago";
  }

  /**
   * Whether it may be a descendant by its session. A session of the process's own holds nothing but
   * its descendants, whenever they started; of another one's it holds those that started while it
   * lived, and others.
   */
  private boolean ofSession(Seen seen, Ancestor one) {
    long session = one.fallen().kin().session();
    if (session == 0) {
      return false;
    }
    ProcessIdentity process = one.fallen().process();
    if (session != process.pid()) {
      return inLifetime(seen, one);
    }
    Seen leader = table.get(session);
    boolean reborn = leader != null && leader.stat().startTicks() != process.startTicks();
    return !reborn && seen.stat().startTicks() >= process.startTicks();
  }

  private static boolean inLifetime(Seen seen, Ancestor one) {
    return seen.stat().startTicks() >= one.fallen().process().startTicks()
        && seen.age().compareTo(one.endedAgo()) >= 0;
  }

  /** Whether one that is watched started it, directly or not. */
  private boolean underWatched(Seen seen, Suspect suspect, String bootId) {
    Set<Long> visited = new HashSet<>();
    Seen next = table.get(seen.stat().parent());
    while (next != null && visited.add(next.stat().pid())) {
      if (suspect.watched().contains(next.stat().identity(bootId))) {
        return true;
      }
      next = table.get(next.stat().parent());
    }
    return false;
  }
}
