package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;

/** What a person says to a remedy that waits for approval. It is on the timeline, so it lasts. */
final class Approval {
  private Approval() {}

  static void decided(Turn turn, Input.Decided decided) {
    if (turn.state() != State.WAITING) {
      return;
    }
    int index = turn.steps.size() - 1;
    Step step = turn.steps.get(index);
    if (decided.approve()) {
      turn.note("approved", key(index, step) + " by a person: " + decided.reason());
      turn.become(State.HEALING);
      return;
    }
    turn.note("rejected", key(index, step) + " by a person: " + decided.reason());
    String why = step.remedy() + " was rejected by a person: " + decided.reason();
    turn.dropFrom(index);
    turn.world
        .rules()
        .named(turn.was.rule())
        .ifPresentOrElse(
            rule -> Lifting.end(turn, rule, Lifting.End.ESCALATED, why),
            () -> Closing.escalate(turn, why));
  }

  /** Whether a person has approved of a step. */
  static boolean given(Turn turn, int index) {
    String key = key(index, turn.steps.get(index));
    return turn.entries().stream()
        .anyMatch(entry -> entry.kind().equals("approved") && entry.text().startsWith(key + " "));
  }

  /** Asks, once. */
  static void ask(Turn turn, int index, String why) {
    turn.become(State.WAITING);
    turn.noteOnce("asked", key(index, turn.steps.get(index)) + " waits for approval: " + why);
  }

  private static String key(int index, Step step) {
    return step.remedy() + " (remedy " + (index + 1) + ")";
  }
}
