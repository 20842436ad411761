package io.selfheal.message;

import io.selfheal.message.WorkerRequests.Ended;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What WorkerWatch has systemd do for it. */
public final class UnitRequests {
  /** Restarts, stops or starts the unit of a worker, and waits for what comes of it. */
  public static final Request<ActOnUnit, Ended> ACT =
      new Request<>("worker.unit", ActOnUnit.class, Ended.class);

  private UnitRequests() {}

  /** What systemd is asked for. */
  public enum Verb {
    RESTART,
    STOP,
    START
  }

  /**
   * Asks for one act.
   *
   * @param worker whose unit it is
   * @param process the one that was seen: where another one runs by now nothing is done; null:
   *     whichever runs
   * @param limit how long systemd may take
   * @param rehearse only say what would be done
   */
  public record ActOnUnit(
      String worker,
      Verb verb,
      @Nullable ProcessIdentity process,
      Duration limit,
      boolean rehearse,
      String reason) {}
}
