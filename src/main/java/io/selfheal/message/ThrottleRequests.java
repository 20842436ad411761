package io.selfheal.message;

import org.jspecify.annotations.Nullable;

/** How WorkerWatch holds processes of workers down, and lets them go again. */
public final class ThrottleRequests {
  /** Holds one process, and what it started, down. */
  public static final Request<Throttle, Throttled> THROTTLE =
      new Request<>("worker.throttle", Throttle.class, Throttled.class);

  /** Puts back what was there before. */
  public static final Request<Lift, Throttled> LIFT =
      new Request<>("worker.lift", Lift.class, Throttled.class);

  private ThrottleRequests() {}

  /**
   * How much is left to it; at least one is said.
   *
   * @param cores processor time, 1.0 = one core; null: not limited
   * @param cpuWeight its share of processors that others want, too, 1 to 10000; 100 is usual; null:
   *     as it is
   * @param ioWeight its share of disks that others want, too, 1 to 10000; 100 is usual; null: as it
   *     is
   * @param weaker whether its scheduling priority may be lowered where nothing better is possible:
   *     then it gets what others leave, and is limited by nothing
   */
  public record Strength(
      @Nullable Double cores,
      @Nullable Integer cpuWeight,
      @Nullable Integer ioWeight,
      boolean weaker) {}

  /**
   * Asks for one process.
   *
   * @param incident for which it is; another incident does not throttle it again
   * @param rehearse only say what would be done
   */
  public record Throttle(
      String instance,
      ProcessIdentity process,
      Strength strength,
      String incident,
      boolean rehearse) {}

  /**
   * How it went.
   *
   * @param undo what was there before, for {@link #LIFT}; null when nothing was changed
   */
  public record Throttled(Outcome outcome, String detail, @Nullable String undo) {}

  /**
   * Asks to put back what was there.
   *
   * @param undo as {@link Throttled} gave it
   */
  public record Lift(String instance, String undo) {}
}
