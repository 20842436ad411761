package io.selfheal.job;

import io.selfheal.job.ToyLibrary.Fate;
import io.selfheal.job.ToyLibrary.Late;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The truth about every attempt. It throws {@link AssertionError} as soon as what must hold does
 * not.
 */
final class ToyTruth {
  private final ToyLibrary library;
  private final ToyTerms terms;

  /** Job → how many attempts it has. */
  private final Map<String, Integer> added = new LinkedHashMap<>();

  /** Job → who took it last. */
  private final Map<String, ToyProcess> attempts = new HashMap<>();

  private final Map<String, Integer> takes = new HashMap<>();
  private final Map<String, Integer> deaths = new HashMap<>();
  private final Map<String, Integer> completed = new HashMap<>();

  /** Jobs whose attempt one has ended who had lost the job. */
  private final Set<String> reached = new HashSet<>();

  ToyTruth(ToyLibrary library, ToyTerms terms) {
    this.library = library;
    this.terms = terms;
  }

  void added(String job, int attempts) {
    added.put(job, attempts);
  }

  Map<String, Integer> jobs() {
    return added;
  }

  /** Who took each job last. */
  Map<String, ToyProcess> attempts() {
    return attempts;
  }

  int deaths(String job) {
    return deaths.getOrDefault(job, 0);
  }

  /**
   * Whether the operator has asked that a process like this may lose its job: nothing proves it
   * dead, and nothing was heard of its job for longer than {@code stuck_after}.
   */
  boolean mayLose(ToyProcess process) {
    return terms.actOnUnknown()
        && process.silent()
        && (!library.namesHolder() || !process.host.equals(ToyWorld.HERE));
  }

  /** Nobody else may be at work on a job that is taken. */
  void taken(String job, ToyProcess process) {
    ToyProcess before = attempts.put(job, process);
    if (before != null
        && !before.equals(process)
        && before.alive()
        && job.equals(before.job())
        && !mayLose(before)) {
      throw new AssertionError(
          "job " + job + " begins again while " + before.holder() + " still works on it");
    }
    if (completed.containsKey(job)) {
      throw new AssertionError("job " + job + " begins again, and it was completed");
    }
    takes.merge(job, 1, Integer::sum);
  }

  /** What a living process works on still runs, and is its own. */
  void kept(String job, ToyProcess process, @Nullable Fate fate) {
    boolean its = process.equals(attempts.get(job)) && fate == Fate.RUNNING;
    if (!its && !mayLose(process) && !reached.contains(job)) {
      throw new AssertionError(
          "job " + job + " is " + fate + ", and " + process.holder() + " works on it");
    }
  }

  /** Whether the process, which thinks that it has a job, has lost it. */
  boolean lost(ToyProcess process, @Nullable Fate fate) {
    return mayLose(process)
        && (!process.equals(attempts.get(process.job())) || fate != Fate.RUNNING);
  }

  /**
   * A living process has sent the completion of its job.
   *
   * @param lost whether it had lost the job before
   * @param fate where the job stood then
   * @param changed whether the statement changed the job
   */
  void sent(String job, ToyProcess process, boolean lost, @Nullable Fate fate, boolean changed) {
    if (!lost && !changed && !reached.contains(job)) {
      throw new AssertionError(
          process.holder() + " lives, and its job " + job + " was taken from it");
    }
    boolean within =
        switch (library.late()) {
          case NOTHING -> false;
          case THE_NEXT_ATTEMPT -> fate == Fate.RUNNING;
          case THE_JOB -> true;
        };
    if (lost && changed && !within) {
      throw new AssertionError(
          process.holder() + " had lost job " + job + ", which was " + fate + ", and completes it");
    }
    if (lost && changed) {
      reached.add(job);
    }
  }

  void completed(String job) {
    boolean twice = completed.merge(job, 1, Integer::sum) > 1;
    if (twice && !(reached.contains(job) && library.late() == Late.THE_JOB)) {
      throw new AssertionError("job " + job + " was completed twice");
    }
  }

  void died(ToyProcess process) {
    String job = process.job();
    if (job != null) {
      deaths.merge(job, 1, Integer::sum);
    }
  }

  /**
   * All that could be proven was swept, and nobody lives: who still holds a job?
   *
   * @param listed the jobs that are on the list of those put aside
   */
  void swept(Map<String, Fate> fates, Set<String> listed) {
    fates.forEach(
        (job, fate) -> {
          if (fate != Fate.RUNNING || (!library.hasPlace() && listed.contains(job))) {
            return;
          }
          ToyProcess holder = attempts.get(job);
          boolean here = holder != null && holder.host.equals(ToyWorld.HERE);
          if (holder == null || (library.namesHolder() && here)) {
            throw new AssertionError("job " + job + " is still held, and its holder is dead");
          }
          if (!library.namesHolder() || mayLose(holder)) {
            throw new AssertionError("job " + job + " is still held by " + holder.holder());
          }
        });
  }

  /** How each job ended: completed once, or put aside for a reason. */
  void ended(Map<String, Fate> fates, Set<String> listed) {
    added.forEach(
        (job, most) -> {
          Fate fate = fates.get(job);
          int times = completed.getOrDefault(job, 0);
          boolean gone = fate == null && library.deletes();
          boolean whole = times >= 1 && (fate == Fate.COMPLETED || gone);
          boolean aside = times == 0 && fate == Fate.ASIDE;
          boolean spent = takes.getOrDefault(job, 0) >= most;
          if (!whole && !(aside && (spent || listed.contains(job)))) {
            throw new AssertionError(
                "job %s is %s; it was taken %s of %d times and completed %d times"
                    .formatted(job, fate, takes.get(job), most, times));
          }
        });
  }
}
