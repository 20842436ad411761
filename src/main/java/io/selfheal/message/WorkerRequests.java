package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What WorkerWatch answers. */
public final class WorkerRequests {
  /** All workers as they stand. */
  public static final Request<ListWorkers, Workers> LIST =
      new Request<>("worker.list", ListWorkers.class, Workers.class);

  /** Verdicts over the holders of jobs. */
  public static final Request<JudgeHolders, Verdicts> JUDGE =
      new Request<>("worker.judge", JudgeHolders.class, Verdicts.class);

  /** Ends one process and sees it gone. */
  public static final Request<EndProcess, Ended> END =
      new Request<>("worker.end", EndProcess.class, Ended.class);

  /** Starts the process of one instance. */
  public static final Request<StartInstance, Ended> START =
      new Request<>("worker.start", StartInstance.class, Ended.class);

  /** A worker's own sign of life. */
  public static final Request<Heartbeat, HeartbeatAccepted> HEARTBEAT =
      new Request<>("worker.heartbeat", Heartbeat.class, HeartbeatAccepted.class);

  private WorkerRequests() {}

  /** Asks for all workers. */
  public record ListWorkers() {}

  /** All workers. */
  public record Workers(List<Worker> workers) {}

  /**
   * One worker with its processes.
   *
   * @param id the configured or announced name
   * @param found how it is found: run, unit, pid_file, command or heartbeat
   * @param wanted how many processes there should be; null when nobody said
   * @param problem why it cannot be found or started; null when all is well
   */
  public record Worker(
      String id,
      String found,
      Owner owner,
      @Nullable Integer wanted,
      List<Instance> processes,
      @Nullable String problem) {}

  /** How a process is. */
  public enum Liveness {
    RUNNING,
    FROZEN,
    SILENT,
    LOST,
    STOPPED
  }

  /**
   * One process slot.
   *
   * @param process the process that fills it; null when none does now
   * @param since when the process was first watched, or lost
   * @param heartbeatAge since its last heartbeat; null when it never sent one
   * @param jobs what it said to be working on, with the last heartbeat
   * @param progress what it said of its progress, with the last heartbeat
   * @param restarts how often this agent has started it again
   * @param age how long the process has lived; null when there is none
   * @param draining whether it is asked to take no more jobs
   */
  public record Instance(
      String instance,
      @Nullable ProcessIdentity process,
      Liveness liveness,
      String command,
      Instant since,
      @Nullable Duration heartbeatAge,
      List<String> jobs,
      @Nullable String progress,
      long restarts,
      @Nullable ProcessSample reading,
      @Nullable Duration age,
      boolean draining) {
    /** One whose age is not known, and that is not draining. */
    public Instance(
        String instance,
        @Nullable ProcessIdentity process,
        Liveness liveness,
        String command,
        Instant since,
        @Nullable Duration heartbeatAge,
        List<String> jobs,
        @Nullable String progress,
        long restarts,
        @Nullable ProcessSample reading) {
      this(
          instance,
          process,
          liveness,
          command,
          since,
          heartbeatAge,
          jobs,
          progress,
          restarts,
          reading,
          null,
          false);
    }
  }

  /**
   * A holder as a job's row names it.
   *
   * @param key given back with the verdict
   * @param worker the configured worker that the source maps its holders to; null when none
   * @param host the machine's name in the row; null when the row has none, then it is this host
   * @param pid the process id in the row; empty when the row has none
   * @param startTicks the start ticks in the row; empty when the row has none
   * @param instance the instance name in the row; null when the row has none
   * @param claimAge how long ago the job was taken, as its row says, by the database clock; null
   *     when unknown. It is as wrong as the clock of the worker that wrote it
   * @param knownFor how long the agent has known of this claim, by its own clock: the job was taken
   *     before that; null when that is not known
   * @param newerThan how long ago, by the agent's own clock, the claim was not there yet: the job
   *     was taken after that; null when that is not known
   * @param only every process that takes jobs of this source is one of {@code worker}, on this host
   *     and seen by this agent: then all of them together prove what a row does not say
   * @param trueAge the claim was timed by the database in the transaction that made it, so {@code
   *     claimAge} is right whatever the worker's clock says
   * @param beatAge of a row that does not say when the job was taken: how long ago its holder gave
   *     a heartbeat, as it says; null when unknown. It is as wrong as the clock of the worker
   * @param unchangedFor how long the agent has seen the row as it is, by its own clock, when the
   *     row has no time: another process of the same name may have taken the job since, and left it
   *     so; null when that is not known
   * @param pidAssumed nobody said that the number in the row is a process id: that no such process
   *     lives proves nothing
   */
  public record Holder(
      String key,
      @Nullable String worker,
      @Nullable String host,
      OptionalLong pid,
      OptionalLong startTicks,
      @Nullable String instance,
      @Nullable Duration claimAge,
      @Nullable Duration knownFor,
      @Nullable Duration newerThan,
      boolean only,
      boolean trueAge,
      @Nullable Duration beatAge,
      @Nullable Duration unchangedFor,
      boolean pidAssumed) {
    /** A holder of a row with a time, and without a heartbeat, written as somebody said. */
    public Holder(
        String key,
        @Nullable String worker,
        @Nullable String host,
        OptionalLong pid,
        OptionalLong startTicks,
        @Nullable String instance,
        @Nullable Duration claimAge,
        @Nullable Duration knownFor,
        @Nullable Duration newerThan,
        boolean only,
        boolean trueAge) {
      this(
          key,
          worker,
          host,
          pid,
          startTicks,
          instance,
          claimAge,
          knownFor,
          newerThan,
          only,
          trueAge,
          null,
          null,
          false);
    }

    /** A holder that only its own row can tell of. */
    public Holder(
        String key,
        @Nullable String worker,
        @Nullable String host,
        OptionalLong pid,
        OptionalLong startTicks,
        @Nullable String instance,
        @Nullable Duration claimAge,
        @Nullable Duration knownFor,
        @Nullable Duration newerThan) {
      this(
          key,
          worker,
          host,
          pid,
          startTicks,
          instance,
          claimAge,
          knownFor,
          newerThan,
          false,
          false);
    }

    /** A holder of whose claim nothing is known but what the row says. */
    public Holder(
        String key,
        @Nullable String worker,
        @Nullable String host,
        OptionalLong pid,
        OptionalLong startTicks,
        @Nullable String instance,
        @Nullable Duration claimAge) {
      this(key, worker, host, pid, startTicks, instance, claimAge, null, null);
    }
  }

  /** Asks for verdicts. */
  public record JudgeHolders(List<Holder> holders) {}

  /** Verdicts in the order of the holders. */
  public record Verdicts(List<Verdict> verdicts) {}

  /**
   * Ends a process: TERM, then KILL after the grace; a grace of zero is KILL at once. The reply
   * comes when the kernel says it is gone, or after {@code limit}.
   */
  public record EndProcess(
      String instance, ProcessIdentity process, Duration grace, Duration limit, String reason) {}

  /**
   * Starts an instance: a new process when the agent owns it, a restart of the unit when systemd
   * does. When a process other than {@code replaces} already runs there, nothing is done.
   *
   * @param replaces the process that is gone; null when there was none
   * @param ended whether the agent itself has ended it, to start it anew: that it is gone is then
   *     nobody's wish that it stays away
   */
  public record StartInstance(
      String worker,
      String instance,
      @Nullable ProcessIdentity replaces,
      boolean ended,
      String reason) {
    /** For a process that the agent did not end. */
    public StartInstance(
        String worker, String instance, @Nullable ProcessIdentity replaces, String reason) {
      this(worker, instance, replaces, false, reason);
    }
  }

  /**
   * How it went.
   *
   * @param process the process that was ended or started; null when there is none
   */
  public record Ended(Outcome outcome, String detail, @Nullable ProcessIdentity process) {}

  /**
   * A heartbeat.
   *
   * @param worker the worker's id; an unknown one is announced by it
   * @param pid its process id on this host; empty when it does not say
   * @param jobs what it works on; at most 1,000
   * @param progress free words; at most 1,000 characters
   */
  public record Heartbeat(
      String worker, OptionalLong pid, List<String> jobs, @Nullable String progress) {}

  /**
   * Whether the heartbeat counted.
   *
   * @param accepted false: {@code problem} says why
   * @param every how often the worker should send one
   * @param drain whether the worker is asked to take no more jobs, and to say in its next
   *     heartbeats what it still works on
   */
  public record HeartbeatAccepted(
      boolean accepted,
      @Nullable String instance,
      @Nullable String problem,
      Duration every,
      boolean drain) {
    /** One of a worker that may go on as it does. */
    public HeartbeatAccepted(
        boolean accepted, @Nullable String instance, @Nullable String problem, Duration every) {
      this(accepted, instance, problem, every, false);
    }
  }
}
