package io.selfheal.heal;

import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Outcome;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes in how an act of a step ended. */
final class Outcomes {
  private Outcomes() {}

  static void apply(Turn turn, int index, Ending ending) {
    Effort effort = turn.effort(index);
    if (index >= turn.steps.size() || !effort.running()) {
      return;
    }
    Step step = turn.steps.get(index);
    boolean restart = step.remedy().equals(RestartWorker.NAME);
    if (restart && !started(ending) && !turn.restarts.isEmpty()) {
      turn.restarts.removeLast();
    }
    turn.jobs = turn.jobs.about(ending.jobs());
    if (ending.outcome() == Outcome.DEFERRED) {
      putOff(turn, index, step, effort, ending);
      return;
    }
    turn.effort(index, Effort.fresh(turn.now()));
    boolean again = ending.outcome() == Outcome.FAILED && stopAgain(turn, step);
    turn.step(index, again ? nextStop(step) : ended(turn, step, ending));
    if (again) {
      turn.effort(index, turn.effort(index).putOff(turn.now()));
    }
    say(turn, step, ending);
    if (restart) {
      afterRestart(turn, step, ending);
    }
  }

  /** Whether a process was, or may have been, started: it then counts as a restart. */
  private static boolean started(Ending ending) {
    return ending.outcome() == Outcome.DONE || ending.outcome() == Outcome.FAILED;
  }

  private static void putOff(Turn turn, int index, Step step, Effort effort, Ending ending) {
    turn.effort(
        index, ending.soon() ? effort.putOffShortly(turn.now()) : effort.putOff(turn.now()));
    boolean news = step.outcome() != Outcome.DEFERRED || !ending.detail().equals(step.detail());
    if (!news) {
      return;
    }
    turn.step(index, with(step, StepState.INTENDED, step.attempt(), null, ending));
    say(turn, step, ending);
  }

  private static void say(Turn turn, Step step, Ending ending) {
    String kind = ending.outcome() == Outcome.DEFERRED ? "deferred" : "finished";
    turn.note(kind, step.remedy() + ": " + ending.detail());
    turn.publish(
        new IncidentEvent.RemedyFinished(
            turn.was.id(),
            turn.was.subject(),
            step.remedy(),
            step.attempt(),
            ending.outcome(),
            ending.detail()));
  }

  private static boolean stopAgain(Turn turn, Step step) {
    return step.remedy().equals(StopWorker.NAME) && step.attempt() < turn.world.config().attempts();
  }

  private static Step nextStop(Step step) {
    return new Step(
        step.remedy(),
        step.target(),
        step.process(),
        StepState.PLANNED,
        step.attempt() + 1,
        null,
        null,
        null,
        null);
  }

  private static void afterRestart(Turn turn, Step step, Ending ending) {
    if (ending.outcome() == Outcome.FAILED) {
      int attempt = turn.count(RestartWorker.NAME) + 1;
      turn.append(BuiltIns.restart(step.target(), step.process(), attempt));
      return;
    }
    turn.worker = turn.worker.filled(ending.process(), turn.now());
  }

  private static Step ended(Turn turn, Step step, Ending ending) {
    return with(step, StepState.ENDED, step.attempt(), turn.now().wall(), ending);
  }

  private static Step with(
      Step step, StepState state, int attempt, @Nullable Instant endedAt, Ending ending) {
    return new Step(
        step.remedy(),
        step.target(),
        step.process(),
        state,
        attempt,
        Objects.requireNonNull(step.startedAt(), "a step that acted was intended"),
        endedAt,
        ending.outcome(),
        ending.detail());
  }
}
