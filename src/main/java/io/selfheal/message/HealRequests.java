package io.selfheal.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What Healer answers. */
public final class HealRequests {
  /** Stops new remedies. */
  public static final Request<Pause, Switch> PAUSE =
      new Request<>("heal.pause", Pause.class, Switch.class);

  /** Lets remedies start again. */
  public static final Request<Resume, Switch> RESUME =
      new Request<>("heal.resume", Resume.class, Switch.class);

  /** Reads the switch. */
  public static final Request<ReadSwitch, Switch> SWITCH =
      new Request<>("heal.switch", ReadSwitch.class, Switch.class);

  /** A person's answer to an incident that waits for one. */
  public static final Request<Decide, Decided> DECIDE =
      new Request<>("heal.decide", Decide.class, Decided.class);

  private HealRequests() {}

  /** Asks to pause; {@code until} null: until resumed. */
  public record Pause(String reason, @Nullable Instant until) {}

  /** Asks to resume. */
  public record Resume(String reason) {}

  /** Asks for the switch. */
  public record ReadSwitch() {}

  /** The switch as it stands; it lasts over restarts. */
  public record Switch(
      boolean paused, @Nullable String reason, @Nullable Instant since, @Nullable Instant until) {}

  /**
   * A person's answer.
   *
   * @param id of the incident
   * @param approve whether the next remedy may start; otherwise none of this incident does
   */
  public record Decide(String id, boolean approve, String reason) {}

  /**
   * What became of the answer.
   *
   * @param taken false: the incident does not wait for it, or is not this agent's
   * @param detail what happens now, or why it was not taken
   */
  public record Decided(boolean taken, String detail) {}
}
