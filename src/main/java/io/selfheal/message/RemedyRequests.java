package io.selfheal.message;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What RemedyDesk answers. */
public final class RemedyRequests {
  /** Does, rehearses or undoes what one rung of a rule's ladder is for. */
  public static final Request<Perform, Performed> PERFORM =
      new Request<>("remedy.perform", Perform.class, Performed.class);

  private RemedyRequests() {}

  /** What is asked for. */
  public enum Manner {
    /** Say what would be done, and change nothing. */
    REHEARSE,
    /** Do it. */
    DO,
    /**
     * An earlier run of the agent may have done it, wholly or in part: look, and finish it once.
     */
    FINISH,
    /** Take it back. */
    UNDO
  }

  /**
   * Asks for one rung.
   *
   * @param rule the rule
   * @param ruleVersion its version when the incident was opened
   * @param rung counted from 0
   * @param remedy the rung's remedy, as the incident has it
   * @param seen what opened the incident
   * @param undo what the remedy left for its undoing; null unless it is asked to
   * @param deadline how long it may take
   */
  public record Perform(
      String incidentId,
      String rule,
      String ruleVersion,
      int rung,
      String remedy,
      Manner manner,
      SymptomEvent.Seen seen,
      @Nullable String undo,
      Duration deadline) {}

  /**
   * How it went.
   *
   * @param detail one sentence for an operator
   * @param output what it printed, or did piece by piece; at most 100 lines
   * @param undo what it needs to be taken back; null when there is nothing to take back
   */
  public record Performed(
      Outcome outcome, String detail, List<String> output, @Nullable String undo) {
    /** Copies the lines. */
    public Performed {
      output = List.copyOf(output);
    }
  }
}
