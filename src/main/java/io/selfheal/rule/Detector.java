package io.selfheal.rule;

import io.selfheal.message.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells of its subjects whether one symptom is there. It keeps what it has seen, and is called by
 * one thread at a time. How long something must hold is not its business: the rule's {@code for}
 * and {@code clear_for} are counted by whoever asks.
 *
 * <p>Either it listens to facts ({@link #take}), which must not block, or it looks by itself
 * ({@link #every} and {@link #look}), which may.
 */
public interface Detector {
  /** Takes in a fact; answers the readings that follow from it. */
  default List<Reading> take(Event event, Surroundings around) {
    return List.of();
  }

  /** How often it looks by itself; empty when it only listens. */
  default Optional<Duration> every() {
    return Optional.empty();
  }

  /**
   * Looks by itself, on a thread of its own. What it throws is logged, and counts as no data.
   *
   * @throws Exception when it cannot look now
   */
  default List<Reading> look(Surroundings around) throws Exception {
    return List.of();
  }

  /** Ends what it holds open, such as files. */
  default void close() {}
}
