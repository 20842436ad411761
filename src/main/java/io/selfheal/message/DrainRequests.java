package io.selfheal.message;

import io.selfheal.message.WorkerRequests.Ended;

/** How WorkerWatch asks workers to take no more jobs. */
public final class DrainRequests {
  /**
   * Asks one process by the answers to its heartbeats, and says how far it is: done when it has
   * said since that it holds no jobs, deferred while it holds some, already done when it is gone.
   */
  public static final Request<Drain, Ended> DRAIN =
      new Request<>("worker.drain", Drain.class, Ended.class);

  private DrainRequests() {}

  /** What is asked for. */
  public enum Manner {
    /** Only say what would be done. */
    REHEARSE,
    /** It is to take no more jobs; may be asked again and again. */
    WISH,
    /** This incident wishes it no longer. */
    LIFT
  }

  /**
   * Asks for one process.
   *
   * @param incident which wishes it; while any does, it is asked
   */
  public record Drain(ProcessIdentity process, String incident, Manner manner) {}
}
