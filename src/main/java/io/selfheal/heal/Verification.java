package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures whether the symptom is gone: a new process has been running in the slot for long enough,
 * and a dry run of the sweep finds nothing to rescue. While nobody can tell of the jobs, it waits
 * rather than claims.
 */
final class Verification {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration LATER = Duration.ofSeconds(1);

  private Verification() {}

  /**
   * Asks for what is not measured yet, ends what is, and gives up an attempt that takes too long.
   * Jobs come last: a claim that a worker sent just before its death may be committed after it.
   */
  static void advance(Turn turn) {
    if (turn.state() != State.VERIFYING) {
      return;
    }
    boolean worker = !(turn.cause instanceof WorkerEvent) || turn.worker.well();
    if (worker && turn.jobs.clean()) {
      Closing.verified(turn, measured(turn));
      return;
    }
    if (count(turn, worker)) {
      late(turn, worker);
      return;
    }
    if (!worker) {
      look(turn);
      return;
    }
    if (!turn.jobs.clean() && !turn.jobs.looking() && turn.now().reached(turn.jobs.notBefore())) {
      turn.jobs = turn.jobs.looked();
      turn.want(new Effect.LookAtJobs(RequeueJobs.sweep(turn.was.id(), turn.cause, true)));
    }
  }

  /** Asks for the workers, if it is time. */
  static void look(Turn turn) {
    if (!turn.worker.looking() && turn.now().reached(turn.worker.notBefore())) {
      turn.worker = turn.worker.looked();
      turn.want(new Effect.LookAtWorkers());
    }
  }

  /**
   * Counts the time of this attempt; true when it is used up. Waiting for jobs to be readable is
   * free.
   */
  private static boolean count(Turn turn, boolean worker) {
    if (Held.rehearsed(turn.steps)) {
      return false;
    }
    boolean free = worker && (turn.jobs.waiting() != null || turn.jobs.looking());
    if (turn.before.incident().state() == State.VERIFYING && !free) {
      turn.spent = turn.spent.plus(turn.now().since(turn.before.at()));
    }
    return turn.spent.compareTo(turn.world.config().deadline()) >= 0;
  }

  private static void late(Turn turn, boolean worker) {
    String limit = Words.duration(turn.world.config().deadline());
    if (worker) {
      Closing.escalate(turn, "still stuck after " + limit + ": " + turn.jobs.left());
      return;
    }
    WorkerEvent cause = (WorkerEvent) turn.cause;
    turn.note("unverified", "No process was running for long enough within " + limit);
    ProcessIdentity unwell = turn.worker.candidate();
    Optional<ProcessIdentity> replaced = Ladder.last(turn, RestartWorker.NAME).map(Step::process);
    Symptoms.nextAttempt(turn);
    if (unwell != null) {
      turn.append(BuiltIns.stop(cause.instance(), unwell));
      turn.append(Symptoms.requeue(turn, cause.worker()));
    }
    turn.append(
        BuiltIns.restart(
            cause.instance(),
            unwell == null ? replaced.orElse(null) : unwell,
            Symptoms.nextRestart(turn)));
    Ladder.advance(turn);
  }

  static void workersUnseen(Turn turn) {
    turn.worker = turn.worker.again(turn.now().in(LATER));
  }

  static void workers(Turn turn, List<Worker> workers) {
    if (turn.examine) {
      examine(turn, workers);
      return;
    }
    Optional<Instance> filled = filling(turn, workers);
    ProcessIdentity process = filled.map(Instance::process).orElse(null);
    boolean running = filled.filter(one -> one.liveness() == Liveness.RUNNING).isPresent();
    boolean same = process != null && process.equals(turn.worker.candidate());
    Moment since = same && turn.worker.running() != null ? turn.worker.running() : turn.now();
    boolean well =
        running && turn.now().since(since).compareTo(turn.world.config().verifyFor()) >= 0;
    boolean waits = turn.state() != State.VERIFYING || Held.rehearsed(turn.steps);
    long next = turn.now().in(waits ? LATER : EVERY);
    turn.worker = turn.worker.saw(process, running ? since : null, well, next);
  }

  /** After a restart of the agent: a process that was to be ended may be well by now, or gone. */
  private static void examine(Turn turn, List<Worker> workers) {
    turn.examine = false;
    turn.worker = turn.worker.again(turn.now().mark());
    Set<ProcessIdentity> running =
        workers.stream()
            .flatMap(worker -> worker.processes().stream())
            .filter(one -> one.liveness() == Liveness.RUNNING)
            .flatMap(one -> Optional.ofNullable(one.process()).stream())
            .collect(Collectors.toSet());
    turn.steps.stream()
        .flatMap(step -> Optional.ofNullable(step.process()).stream())
        .filter(running::contains)
        .filter(process -> Symptoms.openStop(turn.steps, process).isPresent())
        .findFirst()
        .ifPresent(process -> Symptoms.recovered(turn, process, "Recovered by itself"));
  }

  /** The process that fills the slot and is none of those that this incident ended or lost. */
  private static Optional<Instance> filling(Turn turn, List<Worker> workers) {
    WorkerEvent cause = (WorkerEvent) turn.cause;
    Set<ProcessIdentity> replaced = Symptoms.known(turn);
    List<Instance> fillers =
        workers.stream()
            .filter(worker -> worker.id().equals(cause.worker()))
            .flatMap(worker -> worker.processes().stream())
            .filter(one -> one.process() != null && !replaced.contains(one.process()))
            .filter(one -> alive(one) && fills(turn, cause, one))
            .toList();
    return fillers.stream()
        .filter(one -> one.liveness() == Liveness.RUNNING)
        .findFirst()
        .or(() -> fillers.stream().findFirst());
  }

  private static boolean alive(Instance one) {
    return switch (one.liveness()) {
      case RUNNING, FROZEN, SILENT -> true;
      case LOST, STOPPED -> false;
    };
  }

  /** A unit's process is found under a new name each time; a slot of ours keeps its name. */
  private static boolean fills(Turn turn, WorkerEvent cause, Instance one) {
    ProcessIdentity started = turn.worker.started();
    return one.instance().equals(cause.instance())
        || (started != null && started.equals(one.process()))
        || (started == null && Cause.owner(turn.cause) == Owner.SYSTEMD);
  }

  private static String measured(Turn turn) {
    String unswept = turn.jobs.unswept();
    return well(turn) + (unswept.isEmpty() ? "" : "; not looked at: " + unswept);
  }

  private static String well(Turn turn) {
    if (turn.cause instanceof WorkerEvent event) {
      ProcessIdentity process = turn.worker.candidate();
      return "%s runs as %s for %s%s"
          .formatted(
              Cause.name(event),
              Words.pid(process),
              Words.duration(turn.world.config().verifyFor()),
              turn.jobs.sourced() ? "; no job is left stuck" : "");
    }
    return "A dry run finds none of these jobs stuck any more";
  }
}
