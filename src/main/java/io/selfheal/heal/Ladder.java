package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves the steps of the ladder on. A step is intended when what it rests on is done and the
 * guardrails let it pass; it is acted on when that intent is on disk. Steps that do not rest on
 * each other do not wait for each other.
 */
final class Ladder {
  private Ladder() {}

  static void advance(Turn turn) {
    Held.advance(turn);
    for (int i = 0; i < turn.steps.size(); i++) {
      if (turn.steps.get(i).state() == StepState.PLANNED) {
        plan(turn, i);
      }
      if (turn.steps.get(i).state() == StepState.INTENDED) {
        act(turn, i);
      }
    }
    boolean climbed = turn.steps.stream().allMatch(step -> step.state() == StepState.ENDED);
    if (climbed && turn.state() != State.VERIFYING) {
      settle(turn);
    }
  }

  private static void plan(Turn turn, int index) {
    if (!turn.now().reached(turn.effort(index).notBefore())) {
      return;
    }
    if (Held.observes(turn)) {
      Held.rehearse(turn, index);
      return;
    }
    Optional<Step> stop = lastStop(turn.steps, index);
    if (stop.isPresent() && stop.get().state() != StepState.ENDED) {
      return;
    }
    if (stop.isPresent() && !gone(stop.get())) {
      end(turn, index, Outcome.REFUSED, "the process was not seen gone");
      return;
    }
    switch (Guardrails.judge(turn, index)) {
      case Gate.Pass.Go go -> intend(turn, index);
      case Gate.Pass.Hold hold -> Held.look(turn);
      case Gate.Pass.Ask ask -> {
        Approval.ask(turn, Leads.of(turn.steps, index), ask.reason());
        Held.look(turn);
      }
      case Gate.Pass.Rehearse rehearse -> Held.rehearse(turn, index);
      case Gate.Pass.Refuse refuse -> end(turn, index, Outcome.REFUSED, refuse.reason());
    }
  }

  private static Optional<Step> lastStop(List<Step> steps, int index) {
    return steps.subList(0, index).reversed().stream()
        .filter(step -> step.remedy().equals(StopWorker.NAME))
        .findFirst()
        .filter(step -> !steps.get(index).remedy().equals(StopWorker.NAME));
  }

  private static boolean gone(Step stop) {
    return stop.outcome() == Outcome.DONE || stop.outcome() == Outcome.ALREADY_DONE;
  }

  private static void intend(Turn turn, int index) {
    turn.step(index, with(turn, index, StepState.INTENDED, null, null));
    turn.effort(index, turn.effort(index).intended(turn.nextRevision()));
    turn.become(State.HEALING);
  }

  private static void act(Turn turn, int index) {
    Effort effort = turn.effort(index);
    boolean written = turn.disk().durable() >= effort.intent();
    if (effort.running() || !written || !turn.now().reached(effort.notBefore())) {
      return;
    }
    Step step = turn.steps.get(index);
    if (!Guardrails.running(turn, step)) {
      return;
    }
    if (!effort.begun() && Guardrails.stormy(turn, step)) {
      takeBack(turn, index);
      return;
    }
    if (step.remedy().equals(RestartWorker.NAME)) {
      turn.restarts.add(turn.now());
    }
    if (!effort.begun()) {
      turn.note("started", step.remedy() + " on " + step.target() + process(step));
      turn.publish(
          new IncidentEvent.RemedyStarted(
              turn.was.id(), turn.was.subject(), step.remedy(), step.attempt()));
    }
    turn.effort(index, effort.started());
    Remedy remedy = Remedy.named(step.remedy());
    Question<?, ?> question =
        remedy.question(turn.was, turn.cause, step, effort.tries(), turn.world.config());
    turn.want(new Effect.Act(index, question));
  }

  /**
   * What was intended before it was known to be a storm is judged anew after it. An intent of an
   * earlier run stays: that may have acted.
   */
  private static void takeBack(Turn turn, int index) {
    if (turn.effort(index).intent() == 0) {
      return;
    }
    Step step = turn.steps.get(index);
    turn.step(
        index, BuiltIns.planned(step.remedy(), step.target(), step.process(), step.attempt()));
    turn.effort(index, Effort.fresh(turn.now()));
  }

  private static String process(Step step) {
    return step.process() == null ? "" : ", " + step.process();
  }

  /** Ends a step that never began. */
  static void end(Turn turn, int index, Outcome outcome, String detail) {
    turn.step(index, with(turn, index, StepState.ENDED, outcome, detail));
    turn.note("decided", turn.steps.get(index).remedy() + ": " + detail);
  }

  private static Step with(
      Turn turn, int index, StepState state, @Nullable Outcome outcome, @Nullable String detail) {
    Step step = turn.steps.get(index);
    return new Step(
        step.remedy(),
        step.target(),
        step.process(),
        state,
        step.attempt(),
        state == StepState.INTENDED ? turn.now().wall() : step.startedAt(),
        state == StepState.ENDED ? turn.now().wall() : null,
        outcome,
        detail);
  }

  /**
   * All steps ended: a remedy that was refused or failed for good leaves it to a person; a worker
   * that was stopped on purpose stays stopped.
   */
  private static void settle(Turn turn) {
    List<String> undone =
        List.of(StopWorker.NAME, RequeueJobs.NAME, RestartWorker.NAME).stream()
            .flatMap(remedy -> last(turn, remedy).stream())
            .filter(step -> !gone(step) && step.outcome() != Outcome.UNWANTED)
            .map(step -> step.remedy() + ": " + step.detail())
            .toList();
    if (!undone.isEmpty()) {
      Closing.escalate(turn, undone.getFirst());
      return;
    }
    if (Held.rehearsed(turn.steps)) {
      Held.watch(turn);
      return;
    }
    Optional<Step> unwanted =
        last(turn, RestartWorker.NAME).filter(step -> step.outcome() == Outcome.UNWANTED);
    if (unwanted.isPresent()) {
      Closing.leftStopped(turn, unwanted.get());
      return;
    }
    turn.become(State.VERIFYING);
    turn.spent = Duration.ZERO;
    turn.note("verifying", "Every remedy is done; looking whether the symptom is gone");
  }

  static Optional<Step> last(Turn turn, String remedy) {
    return turn.steps.reversed().stream().filter(step -> step.remedy().equals(remedy)).findFirst();
  }
}
