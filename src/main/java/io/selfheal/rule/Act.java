package io.selfheal.rule;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import java.util.List;

/**
 * A remedy as one rung of a rule has it. It runs on a thread of its own and may block; it is
 * interrupted when its deadline has passed, and must then end soon, leaving nothing half done.
 *
 * <p>An exception is an act that failed: its message is shown to the operator. What may pass by
 * itself is {@link Outcome#DEFERRED}, what is not allowed {@link Outcome#REFUSED}.
 */
public interface Act {
  /**
   * Says what {@link #perform} would do now, and changes nothing. {@link Outcome#ALREADY_DONE} when
   * there is nothing to do.
   */
  Performed rehearse(Task task) throws Exception;

  /** Looks whether it is still right to act, and acts. */
  Performed perform(Task task) throws Exception;

  /**
   * An earlier run of the agent has intended it, and ended before it wrote down how it went. By
   * default it is done again: then it must be safe to do twice.
   */
  default Performed finish(Task task) throws Exception {
    return perform(task);
  }

  /**
   * Takes it back.
   *
   * @param left what {@link #perform} answered as its {@code undo}
   */
  default Performed undo(Task task, String left) throws Exception {
    return new Performed(Outcome.REFUSED, "cannot be taken back", List.of(), null);
  }

  /**
   * Whether it only holds the symptom down, as a throttle does, and so is taken back when the
   * incident is over.
   */
  default boolean lifted() {
    return false;
  }
}
