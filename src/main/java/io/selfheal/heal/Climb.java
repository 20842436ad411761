package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.Mode;
import io.selfheal.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Climbs the ladder of a rule: one remedy after the other, each verified by the symptom itself. It
 * is over when the symptom is measured gone, or when no remedy is left and a person has it.
 */
final class Climb {
  /** A disk is read every two seconds, a file on its slow schedule. */
  private static final Duration LONGEST_BLIND = Duration.ofMinutes(5);

  private Climb() {}

  /** Whatever came in: what is due is wanted, what is not waits. */
  static void advance(Turn turn, SymptomEvent.Seen seen) {
    if (turn.state().over()) {
      return;
    }
    Optional<Rule> rule = turn.world.rules().named(seen.rule());
    if (rule.isEmpty()) {
      Closing.escalate(turn, "its rule " + seen.rule() + " was taken out of the rules");
      return;
    }
    if (Lifting.ending(turn)) {
      Lifting.advance(turn, seen, rule.get());
      return;
    }
    look(turn, seen);
    if (!acting(turn) && turn.symptom.gone(rule.get().clear())) {
      gone(turn, rule.get());
      return;
    }
    climb(turn, seen, rule.get());
  }

  private static void look(Turn turn, SymptomEvent.Seen seen) {
    if (!turn.symptom.looking() && turn.now().reached(turn.symptom.notBefore())) {
      turn.symptom = turn.symptom.looked();
      turn.want(new Effect.LookAtSymptom(new SymptomRequests.Look(seen.rule(), seen.subject())));
    }
  }

  /** Whether a remedy is intended or under way: then nothing is closed over its head. */
  private static boolean acting(Turn turn) {
    return turn.steps.stream().anyMatch(step -> step.state() == StepState.INTENDED);
  }

  private static void gone(Turn turn, Rule rule) {
    String measured = measured(turn);
    if (turn.steps.stream().anyMatch(step -> step.outcome() == Outcome.DONE)) {
      Lifting.end(turn, rule, Lifting.End.HEALED, measured);
      return;
    }
    dropPlanned(turn);
    String how =
        turn.held(RuleGate.OTHERS)
            ? "Another agent of this host acted on it: "
            : "Recovered by itself: ";
    Lifting.end(turn, rule, Lifting.End.RECOVERED, how + measured);
  }

  private static void dropPlanned(Turn turn) {
    for (int i = turn.steps.size() - 1; i >= 0; i--) {
      if (turn.steps.get(i).state() == StepState.PLANNED) {
        turn.dropFrom(i);
      }
    }
  }

  private static String measured(Turn turn) {
    Standing standing = turn.symptom.standing();
    return standing == null
        ? "the symptom is gone"
        : "gone for " + Words.duration(standing.gone()) + ": " + standing.evidence();
  }

  private static void climb(Turn turn, SymptomEvent.Seen seen, Rule rule) {
    if (turn.steps.isEmpty()) {
      next(turn, seen, rule, "nothing was tried");
      return;
    }
    int index = turn.steps.size() - 1;
    Step step = turn.steps.get(index);
    switch (step.state()) {
      case PLANNED -> Rungs.plan(turn, index, seen, rule);
      case INTENDED -> Rungs.act(turn, index, seen, rule);
      case ENDED -> ended(turn, seen, rule, step);
    }
  }

  private static void ended(Turn turn, SymptomEvent.Seen seen, Rule rule, Step step) {
    boolean done = step.outcome() == Outcome.DONE || step.outcome() == Outcome.ALREADY_DONE;
    if (rule.mode() == Mode.OBSERVE) {
      observed(turn, seen, rule);
      return;
    }
    if (!done) {
      next(turn, seen, rule, step.remedy() + ": " + step.detail());
      return;
    }
    if (turn.state() != State.VERIFYING) {
      turn.become(State.VERIFYING);
      turn.spent = Duration.ZERO;
      turn.note("verifying", step.remedy() + " is done; looking whether the symptom is gone");
      return;
    }
    if (turn.symptom.readSince(step.endedAt())) {
      turn.spent = turn.spent.plus(turn.now().since(turn.before.at()));
    } else if (blind(turn, step, rule)) {
      String blind = "nobody can tell whether " + step.remedy() + " helped";
      turn.note("unverified", blind);
      next(turn, seen, rule, blind);
      return;
    }
    if (turn.spent.compareTo(rule.verifyWithin()) >= 0) {
      String still = "still there " + Words.duration(turn.spent) + " after " + step.remedy();
      turn.note("unverified", still + ": " + newest(turn));
      next(turn, seen, rule, still);
    }
  }

  /** Whether no reading came for so long after a remedy that none is waited for any more. */
  private static boolean blind(Turn turn, Step step, Rule rule) {
    Instant ended = step.endedAt();
    return ended != null
        && turn.now()
                .since(turn.now().recalled(ended))
                .compareTo(rule.verifyWithin().plus(LONGEST_BLIND))
            >= 0;
  }

  /** What would be done has been said; then it only waits for the symptom to go. */
  private static void observed(Turn turn, SymptomEvent.Seen seen, Rule rule) {
    if (turn.steps.size() < rule.ladder().size()) {
      next(turn, seen, rule, "");
      return;
    }
    if (turn.state() != State.VERIFYING) {
      turn.become(State.VERIFYING);
      turn.note("observing", "This rule only observes; waiting for the symptom to go");
    }
  }

  /** The next rung, or a person. */
  private static void next(Turn turn, SymptomEvent.Seen seen, Rule rule, String why) {
    int rung = turn.steps.size();
    if (rung >= rule.ladder().size()) {
      String reason = rule.ladder().isEmpty() ? "no remedy is set for it" : why;
      String result = reason + "; no further remedy is left";
      Lifting.end(turn, rule, Lifting.End.ESCALATED, result);
      return;
    }
    turn.become(State.HEALING);
    turn.append(Rungs.planned(rule.ladder().get(rung).remedy(), seen.subject(), rung));
    Rungs.plan(turn, rung, seen, rule);
  }

  private static String newest(Turn turn) {
    Standing standing = turn.symptom.standing();
    return standing == null ? "nobody can tell how it is" : standing.evidence();
  }
}
