package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Mode;
import java.util.List;

/**
 * A built-in ladder that may not act: its rule only observes, a person is asked, or a guardrail
 * holds it. Meanwhile somebody else may do what it would.
 */
final class Held {
  private Held() {}

  /** Whether its rule, as it is in force now, only observes. */
  static boolean observes(Turn turn) {
    return turn.world
        .rules()
        .builtIn()
        .named(turn.was.rule())
        .filter(rule -> rule.mode() == Mode.OBSERVE)
        .isPresent();
  }

  /** Whether the newest remedy was only said: nothing was intended. */
  static boolean rehearsed(List<Step> steps) {
    return !steps.isEmpty() && rehearsed(steps.getLast());
  }

  private static boolean rehearsed(Step step) {
    return step.outcome() == Outcome.UNWANTED && step.startedAt() == null;
  }

  /** Says what would be done. */
  static void rehearse(Turn turn, int index) {
    Step step = turn.steps.get(index);
    turn.guard("mode", step.remedy(), false, "the rule only observes");
    Ladder.end(turn, index, Outcome.UNWANTED, "would " + deed(step));
  }

  private static String deed(Step step) {
    return switch (step.remedy()) {
      case StopWorker.NAME -> "end " + Words.pid(step.process());
      case RestartWorker.NAME -> "start " + step.target() + " again";
      default -> "requeue what a sweep proves stuck";
    };
  }

  /** All is said: it waits for the symptom to go. */
  static void watch(Turn turn) {
    turn.become(State.VERIFYING);
    turn.note("observing", "This rule only observes; waiting for the symptom to go");
  }

  /** Takes in what has changed since: the rule may act now, or the slot is filled. */
  static void advance(Turn turn) {
    if (turn.state() == State.VERIFYING && rehearsed(turn.steps) && !observes(turn)) {
      again(turn);
    }
    if (waits(turn) && turn.worker.well()) {
      for (int i = 0; i < turn.steps.size(); i++) {
        if (turn.steps.get(i).state() == StepState.PLANNED) {
          String again = "it runs again as " + Words.pid(turn.worker.candidate());
          Ladder.end(turn, i, Outcome.ALREADY_DONE, again);
        }
      }
    }
  }

  /** What was only said is to be done. */
  private static void again(Turn turn) {
    List<Step> said = turn.steps.stream().filter(Held::rehearsed).toList();
    int from = turn.steps.lastIndexOf(said.getLast());
    while (from > 0 && rehearsed(turn.steps.get(from - 1))) {
      from--;
    }
    Symptoms.nextAttempt(turn);
    for (Step step : List.copyOf(turn.steps.subList(from, turn.steps.size()))) {
      int attempt = turn.count(step.remedy()) + 1;
      turn.append(BuiltIns.planned(step.remedy(), step.target(), step.process(), attempt));
    }
  }

  /** Whether a process is to be ended or started, and nothing has begun. */
  private static boolean waits(Turn turn) {
    return turn.steps.stream().noneMatch(step -> step.state() == StepState.INTENDED)
        && turn.steps.stream()
            .filter(step -> step.state() == StepState.PLANNED)
            .anyMatch(step -> Reach.endsProcesses(step.remedy()));
  }

  /** Looks whether a process fills the slot meanwhile. */
  static void look(Turn turn) {
    if (turn.cause instanceof WorkerEvent && waits(turn)) {
      Verification.look(turn);
    }
  }
}
