package io.selfheal.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job that is not tried again until a person says so.
 *
 * @param id of this list; null while the agent's database is away
 * @param effect what became of the job in its source
 * @param reason why, in words for an operator
 * @param reasons the deaths of its workers, oldest first
 * @param at when it was put here
 */
public record DeadLetter(
    @Nullable String id,
    String source,
    String jobId,
    JobEvent.Effect effect,
    String reason,
    List<Death> reasons,
    State state,
    Instant at) {
  /** Copies the reasons. */
  public DeadLetter {
    reasons = List.copyOf(reasons);
  }

  /** Where it stands. */
  public enum State {
    /** It waits for a person. */
    ADDED,
    /** It was given back to its source. */
    REDRIVEN,
    /** It was given up. */
    DISCARDED
  }

  /**
   * A worker died on the job.
   *
   * @param points 1; 2 when the kernel killed it for want of memory; 0.5 when nobody saw how it
   *     ended; less when the worker held other jobs, too
   * @param attempts which attempt it was; null when the source does not say
   * @param evidence what proves it, in sentences for an operator
   */
  public record Death(double points, @Nullable Long attempts, List<String> evidence, Instant at) {
    /** Copies the evidence. */
    public Death {
      evidence = List.copyOf(evidence);
    }
  }
}
