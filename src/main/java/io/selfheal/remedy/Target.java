package io.selfheal.remedy;

import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a worker that a remedy acts on, as it is now.
 *
 * @param process the process that fills it; null when none does
 * @param age how long that has lived; null when that is not known
 * @param jobs what it said to be working on
 * @param heartbeats whether it sends heartbeats
 * @param meant what was asked for
 */
record Target(
    String worker,
    Owner owner,
    String instance,
    @Nullable ProcessIdentity process,
    Liveness liveness,
    @Nullable Duration age,
    List<String> jobs,
    boolean heartbeats,
    Meant meant) {
  /**
   * The kernel counts the start of a process in hundredths of a second. One that is no more than
   * two of them older than the incident is taken for younger: nothing falls sick at its birth.
   */
  private static final Duration COARSE = Duration.ofMillis(20);

  /** Copies the jobs. */
  Target {
    jobs = List.copyOf(jobs);
  }

  /** What was asked for, where this was found. */
  enum Meant {
    /** This slot. */
    SLOT,
    /** The slot of a found process that is gone: this is the one of its follower. */
    FORMER,
    /** The worker of a unit, and none of its processes in particular. */
    WORKER
  }

  /** How it stands to what was seen. */
  enum Standing {
    /** No process fills it. */
    EMPTY,
    /** It is filled by another process than the one that was seen. */
    FOLLOWED,
    /** It is filled by the one that was seen. */
    SAME
  }

  static Target of(Worker worker, Instance instance) {
    return new Target(
        worker.id(),
        worker.owner(),
        instance.instance(),
        instance.process(),
        instance.liveness(),
        instance.age(),
        instance.jobs(),
        instance.heartbeatAge() != null,
        Meant.SLOT);
  }

  Target as(Meant other) {
    return new Target(worker, owner, instance, process, liveness, age, jobs, heartbeats, other);
  }

  /** The same, and none of its processes in particular. */
  Target whichever() {
    return new Target(worker, owner, instance, null, liveness, null, jobs, heartbeats, meant);
  }

  /** The slot of a worker that has none now. */
  static Target empty(Worker worker, String instance) {
    return new Target(
        worker.id(),
        worker.owner(),
        instance,
        null,
        Liveness.LOST,
        null,
        List.of(),
        false,
        Meant.SLOT);
  }

  /**
   * Whether the process of now is the one that was seen.
   *
   * @param seen null when the symptom names no process: then one that started after the incident
   *     was opened is not the one
   * @param open for how long the incident has been open; empty when that is not known
   */
  Standing standing(@Nullable ProcessIdentity seen, Optional<Duration> open) {
    if (process == null) {
      return Standing.EMPTY;
    }
    if (meant == Meant.FORMER) {
      return Standing.FOLLOWED;
    }
    if (seen != null) {
      return seen.equals(process) ? Standing.SAME : Standing.FOLLOWED;
    }
    Duration lived = age;
    boolean younger =
        lived != null && open.filter(since -> lived.compareTo(since.plus(COARSE)) < 0).isPresent();
    return younger ? Standing.FOLLOWED : Standing.SAME;
  }

  boolean frozen() {
    return liveness == Liveness.FROZEN;
  }

  /** For operators: its name, with its process. */
  String words() {
    return process == null ? instance : instance + ", " + process;
  }
}
