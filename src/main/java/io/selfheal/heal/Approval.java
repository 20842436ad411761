package io.selfheal.heal;

import io.selfheal.message.Incident.Entry;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.SymptomEvent;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a person says to a remedy that waits for approval. It is on the timeline, so it lasts. */
final class Approval {
  private Approval() {}

  static void decided(Turn turn, Input.Decided decided) {
    if (turn.state() != State.WAITING) {
      return;
    }
    boolean builtIn = !(turn.cause instanceof SymptomEvent);
    int index = builtIn ? asking(turn) : turn.steps.size() - 1;
    Step step = turn.steps.get(index);
    if (decided.approve()) {
      turn.note("approved", key(index, step) + " by a person: " + decided.reason());
      turn.become(State.HEALING);
      return;
    }
    turn.note("rejected", key(index, step) + " by a person: " + decided.reason());
    String why = step.remedy() + " was rejected by a person: " + decided.reason();
    if (builtIn) {
      refuse(turn, why);
      return;
    }
    turn.dropFrom(index);
    turn.world
        .rules()
        .named(turn.was.rule())
        .ifPresentOrElse(
            rule -> Lifting.end(turn, rule, Lifting.End.ESCALATED, why),
            () -> Closing.escalate(turn, why));
  }

  /** The remedy that leads the attempt that waits. */
  private static int asking(Turn turn) {
    return Leads.of(turn.steps, planned(turn).findFirst().orElse(turn.steps.size() - 1));
  }

  private static void refuse(Turn turn, String why) {
    planned(turn).toList().forEach(i -> Ladder.end(turn, i, Outcome.REFUSED, why));
    Closing.escalate(turn, why);
  }

  private static Stream<Integer> planned(Turn turn) {
    return IntStream.range(0, turn.steps.size())
        .filter(i -> turn.steps.get(i).state() == StepState.PLANNED)
        .boxed();
  }

  /** How a person stands to a step, as the timeline has it. */
  static Consent consent(Turn turn, int index) {
    String key = key(index, turn.steps.get(index)) + " ";
    Consent consent = new Consent.None();
    for (Entry entry : turn.entries()) {
      if (!entry.text().startsWith(key)) {
        continue;
      }
      Moment at = turn.now().recalled(entry.at());
      consent =
          switch (entry.kind()) {
            case "asked" -> new Consent.Asked(at);
            case "approved" -> new Consent.Approved("a person", at);
            case "rejected" -> new Consent.Rejected("a person", at);
            default -> consent;
          };
    }
    return consent;
  }

  /** Asks, once; anew when an earlier approval no longer holds. */
  static void ask(Turn turn, int index, String why) {
    boolean asked = consent(turn, index) instanceof Consent.Asked;
    turn.become(State.WAITING);
    if (!asked) {
      Step step = turn.steps.get(index);
      turn.note("asked", key(index, step) + " waits for approval: " + why);
      turn.publish(new IncidentEvent.Asked(turn.was.id(), turn.was.subject(), step.remedy(), why));
    }
  }

  private static String key(int index, Step step) {
    return step.remedy() + " (remedy " + (index + 1) + ")";
  }
}
