package io.selfheal.message;

import io.selfheal.message.WorkerRequests.Ended;
import java.time.Duration;

/** How WorkerWatch changes the number of a worker's processes for a while. */
public final class ScaleRequests {
  /** Changes it. */
  public static final Request<Scale, Ended> SCALE =
      new Request<>("worker.scale", Scale.class, Ended.class);

  private ScaleRequests() {}

  /** What is asked for. */
  public enum Manner {
    /** So many more, or less. */
    CHANGE,
    /** An earlier run of the agent may have begun it: what it has written down is made true. */
    FINISH,
    /** What was changed for this incident is taken back, and nothing else. */
    GIVE_BACK
  }

  /**
   * Asks for more processes, or less.
   *
   * @param name a worker that the agent runs, or a template unit such as {@code images@.service}
   * @param incident for which it is
   * @param by how many more; less when negative
   * @param least never less than so many
   * @param most never more than so many
   * @param grace from TERM to KILL for those that end; of units systemd's own
   * @param limit how long it may take
   * @param rehearse only say what would be done
   */
  public record Scale(
      String name,
      String incident,
      Manner manner,
      int by,
      int least,
      int most,
      Duration grace,
      Duration limit,
      boolean rehearse) {}
}
