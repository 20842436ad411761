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

  /** How a process came to its end. */
  enum End {
    /**
     * By itself with status 0, or by the signal to end (TERM, INT or HUP): somebody wanted it. Of a
     * verdict also: ended by systemd or this agent, or with the whole machine.
     */
    ORDERLY,
    /** By another signal, with another status, or for want of memory. */
    CRASHED,
    /** Its parent took the status away before it could be read, or it may not be read. */
    UNKNOWN
  }

  /**
   * A process is gone that nobody here asked to end.
   *
   * @param evidence how that is known
   * @param noticedAt when the kernel's notice was read
   * @param uptime how long it had lived
   * @param end how it ended
   */
  record Lost(
      String worker,
      String instance,
      ProcessIdentity process,
      Owner owner,
      String evidence,
      Instant noticedAt,
      Duration uptime,
      End end)
      implements WorkerEvent {
    /** An event of an older agent does not say. */
    @SuppressWarnings("ConstantValue")
    public Lost {
      end = end == null ? End.UNKNOWN : end;
    }

    /** How it ended is not known. */
    public Lost(
        String worker,
        String instance,
        ProcessIdentity process,
        Owner owner,
        String evidence,
        Instant noticedAt,
        Duration uptime) {
      this(worker, instance, process, owner, evidence, noticedAt, uptime, End.UNKNOWN);
    }

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
