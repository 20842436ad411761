package io.selfheal.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One occurrence of a symptom, from evidence to outcome: the unit that an operator reads, and the
 * write-ahead record of what the agent is about to do.
 *
 * @param id UUIDv7
 * @param symptom the type of the event that opened it, for example {@code worker.lost}
 * @param subject what it is about
 * @param agent the agent that handles it
 * @param rule the rule's name
 * @param ruleVersion the rule's version when it matched
 * @param summary one sentence for an operator
 * @param cause the event that opened it, as JSON
 * @param timeline everything that was seen and decided, oldest first
 * @param steps the remedies, in the order of the ladder
 * @param causedBy the id of the incident that this one is a consequence of; null when none is known
 */
public record Incident(
    String id,
    String symptom,
    String subject,
    String agent,
    String rule,
    String ruleVersion,
    Severity severity,
    State state,
    String summary,
    String cause,
    Instant openedAt,
    @Nullable Instant closedAt,
    @Nullable String result,
    List<Entry> timeline,
    List<Guardrail> guardrails,
    List<Step> steps,
    @Nullable String causedBy) {

  /** Copies the lists. */
  public Incident {
    timeline = List.copyOf(timeline);
    guardrails = List.copyOf(guardrails);
    steps = List.copyOf(steps);
  }

  /** A consequence of no other. */
  public Incident(
      String id,
      String symptom,
      String subject,
      String agent,
      String rule,
      String ruleVersion,
      Severity severity,
      State state,
      String summary,
      String cause,
      Instant openedAt,
      @Nullable Instant closedAt,
      @Nullable String result,
      List<Entry> timeline,
      List<Guardrail> guardrails,
      List<Step> steps) {
    this(
        id,
        symptom,
        subject,
        agent,
        rule,
        ruleVersion,
        severity,
        state,
        summary,
        cause,
        openedAt,
        closedAt,
        result,
        timeline,
        guardrails,
        steps,
        null);
  }

  /** Where it stands. */
  public enum State {
    OPENED,
    /** For the approval of a person. */
    WAITING,
    HEALING,
    VERIFYING,
    /** Over: the symptom is gone because of a remedy. */
    CLOSED,
    /** Over: the symptom went by itself, or nobody wants the worker back. */
    SELF_RECOVERED,
    /** Over for the agent: a person has it. */
    ESCALATED;

    /** Whether the agent is done with it. */
    public boolean over() {
      return this == CLOSED || this == SELF_RECOVERED || this == ESCALATED;
    }
  }

  /** One thing seen or decided. */
  public record Entry(Instant at, String kind, String text) {}

  /** The verdict of one guardrail, before one remedy. */
  public record Guardrail(Instant at, String name, String remedy, boolean allowed, String reason) {}

  /** Where one remedy stands. */
  public enum StepState {
    /** Not begun. */
    PLANNED,
    /** On disk before the act: after a crash the world is examined. */
    INTENDED,
    /** It ended; the outcome says how. */
    ENDED
  }

  /**
   * One remedy of the ladder.
   *
   * @param remedy its name
   * @param target what it acts on, in the remedy's own words
   * @param process the process that it ends or replaces; null when it acts on none
   * @param attempt counted from 1
   * @param undo what the remedy left for its undoing; null when there is nothing to take back
   * @param undoes what an earlier step left, which this one takes back; null when it takes nothing
   *     back
   */
  public record Step(
      String remedy,
      String target,
      @Nullable ProcessIdentity process,
      StepState state,
      int attempt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Outcome outcome,
      @Nullable String detail,
      @Nullable String undo,
      @Nullable String undoes) {
    /** One that leaves nothing to take back. */
    public Step(
        String remedy,
        String target,
        @Nullable ProcessIdentity process,
        StepState state,
        int attempt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Outcome outcome,
        @Nullable String detail) {
      this(
          remedy, target, process, state, attempt, startedAt, endedAt, outcome, detail, null, null);
    }
  }
}
