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

  /** Takes a person's word on a remedy that waits for approval. */
  public static final Request<Decide, Decided> DECIDE =
      new Request<>("heal.decide", Decide.class, Decided.class);

  private HealRequests() {}

  /** A person's word on the remedy that an incident waits with. */
  public record Decide(String incidentId, boolean approve, String reason) {}

  /**
   * Whether it was taken.
   *
   * @param taken false: {@code detail} says why
   */
  public record Decided(boolean taken, String detail) {}

  /** Asks to pause; {@code until} null: until resumed. */
  public record Pause(String reason, @Nullable Instant until) {}

  /** Asks to resume. */
  public record Resume(String reason) {}

  /** Asks for the switch. */
  public record ReadSwitch() {}

  /** The switch as it stands; it lasts over restarts. */
  public record Switch(
      boolean paused, @Nullable String reason, @Nullable Instant since, @Nullable Instant until) {}
}
