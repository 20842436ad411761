package io.selfheal.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What HealthBoard answers. */
public final class HealthRequests {
  /** The health of every part. */
  public static final Request<ReadHealth, Health> HEALTH =
      new Request<>("health.read", ReadHealth.class, Health.class);

  private HealthRequests() {}

  /** Asks for the health of every part. */
  public record ReadHealth() {}

  /**
   * The health of every part.
   *
   * @param ready whether every required part is healthy or degraded
   */
  public record Health(boolean ready, List<Component> components) {
    /** Copies the list. */
    public Health {
      components = List.copyOf(components);
    }
  }

  /**
   * One part, by name.
   *
   * @param status unknown until it has reported
   * @param detail why, in words for an operator
   * @param since when it took this status; null until it has reported
   * @param required whether the agent is not ready without it
   */
  public record Component(
      String name,
      ComponentEvent.Status status,
      String detail,
      @Nullable Instant since,
      boolean required) {}
}
