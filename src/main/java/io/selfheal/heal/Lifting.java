package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rung;
import java.util.List;
import java.util.Optional;

/**
 * Takes back what only held the symptom down, such as a throttle, before an incident ends. How it
 * is going to end is on its timeline, so that a crash in between changes nothing.
 */
final class Lifting {
  private static final String ENDS = "ends";
  private static final int MOST_TRIES = 5;

  private Lifting() {}

  /** How the incident is going to end. */
  enum End {
    HEALED,
    RECOVERED,
    ESCALATED
  }

  /** Ends the incident, once everything is lifted. */
  static void end(Turn turn, Rule rule, End how, String text) {
    List<Step> lifts = lifts(turn, rule);
    if (lifts.isEmpty()) {
      over(turn, how, text);
      return;
    }
    turn.note(ENDS, how + " " + text);
    lifts.forEach(turn::append);
    turn.become(State.HEALING);
  }

  private static List<Step> lifts(Turn turn, Rule rule) {
    return turn.steps.stream()
        .filter(step -> step.undo() != null && step.undoes() == null)
        .filter(step -> step.attempt() <= rule.ladder().size())
        .filter(step -> lifted(rule.ladder().get(step.attempt() - 1), step))
        .map(Rungs::lift)
        .toList();
  }

  private static boolean lifted(Rung rung, Step step) {
    return rung.remedy().equals(step.remedy()) && rung.act().lifted();
  }

  /** Whether it was decided how the incident ends. */
  static boolean ending(Turn turn) {
    return turn.noted(ENDS);
  }

  /** Goes on with what is to be lifted. */
  static void advance(Turn turn, SymptomEvent.Seen seen, Rule rule) {
    for (int i = 0; i < turn.steps.size(); i++) {
      if (turn.steps.get(i).undoes() == null) {
        continue;
      }
      if (turn.steps.get(i).state() == StepState.PLANNED) {
        Rungs.intend(turn, i);
      }
      if (turn.steps.get(i).state() == StepState.INTENDED) {
        Rungs.act(turn, i, seen, rule);
        return;
      }
    }
    Optional<Step> kept =
        turn.steps.stream()
            .filter(step -> step.undoes() != null)
            .filter(step -> step.outcome() != Outcome.DONE)
            .filter(step -> step.outcome() != Outcome.ALREADY_DONE)
            .findFirst();
    if (kept.isPresent()) {
      Step step = kept.get();
      Closing.escalate(turn, step.remedy() + " could not be taken back: " + step.detail());
      return;
    }
    decided(turn);
  }

  private static void decided(Turn turn) {
    String text =
        turn.entries().stream()
            .filter(entry -> entry.kind().equals(ENDS))
            .findFirst()
            .orElseThrow()
            .text();
    int space = text.indexOf(' ');
    over(turn, End.valueOf(text.substring(0, space)), text.substring(space + 1));
  }

  private static void over(Turn turn, End how, String text) {
    switch (how) {
      case HEALED -> Closing.verified(turn, text);
      case RECOVERED -> Closing.selfRecovered(turn, text);
      case ESCALATED -> Closing.escalate(turn, text);
    }
  }

  /** Whether a lift that failed is tried again. */
  static boolean again(Effort effort) {
    return effort.tries() < MOST_TRIES;
  }
}
