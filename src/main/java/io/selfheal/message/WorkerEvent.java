package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;

/** What happens to worker processes. */
public sealed interface WorkerEvent extends Event {
  /** The configured or announced name. */
  String worker();

  /** The slot that the process fills: {@code images.1} when run, {@code images@4711} when found. */
  String instance();

  @Override
  default String subject() {
    return Subject.worker(instance());
  }

  @Override
  default Severity severity() {
    return Severity.INFO;
  }

  /** Why a worker is called unresponsive. */
  enum Unwell {
    /** Stopped by a signal, state T, or by the freezer of its control group. Not dead. */
    FROZEN,
    /** Its heartbeat is late. */
    SILENT
  }

  /** A process is watched from now on. */
  record Found(String worker, String instance, ProcessIdentity process, Owner owner, String command)
      implements WorkerEvent {}

  /** The agent started a process. */
  record Started(String worker, String instance, ProcessIdentity process) implements WorkerEvent {}

  /** A process was ended because it was asked for. */
  record Stopped(String worker, String instance, ProcessIdentity process, String reason)
      implements WorkerEvent {}

  /**
   * A process is gone that nobody here asked to end.
   *
   * @param evidence how that is known
   * @param noticedAt when the kernel's notice was read
   * @param uptime how long it had lived
   */
  record Lost(
      String worker,
      String instance,
      ProcessIdentity process,
      Owner owner,
      String evidence,
      Instant noticedAt,
      Duration uptime)
      implements WorkerEvent {
    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /**
   * A process exists and does not do its part.
   *
   * @param lasted for how long already when it was called so
   */
  record Unresponsive(
      String worker,
      String instance,
      ProcessIdentity process,
      Owner owner,
      Unwell reason,
      String evidence,
      Duration lasted)
      implements WorkerEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** An unresponsive process does its part again. */
  record Recovered(String worker, String instance, ProcessIdentity process)
      implements WorkerEvent {}

  /** A reading of one process. */
  record Sampled(String worker, String instance, ProcessIdentity process, ProcessSample reading)
      implements WorkerEvent {
    @Override
    public boolean sample() {
      return true;
    }
  }
}
