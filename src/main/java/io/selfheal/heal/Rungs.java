package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests;
import io.selfheal.message.RemedyRequests.Manner;
import io.selfheal.message.RemedyRequests.Perform;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Rule;
import java.time.Duration;
import java.util.List;

/** Moves one rung of a rule's ladder on. A step's attempt is its rung, counted from 1. */
final class Rungs {
  /** A remedy that is put off so often has failed. */
  private static final int MOST_TRIES = 10;

  /** The desk answers at the deadline at the latest. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private Rungs() {}

  static Step planned(String remedy, String subject, int rung) {
    return new Step(
        remedy, subject, null, StepState.PLANNED, rung + 1, null, null, null, null, null, null);
  }

  /** Takes a step back. */
  static Step lift(Step step) {
    return new Step(
        step.remedy(),
        step.target(),
        null,
        StepState.PLANNED,
        step.attempt(),
        null,
        null,
        null,
        null,
        null,
        step.undo());
  }

  static void plan(Turn turn, int index, SymptomEvent.Seen seen, Rule rule) {
    if (turn.effort(index).running() || !turn.now().reached(turn.effort(index).notBefore())) {
      return;
    }
    switch (turn.world.gate().judge(turn, index, seen, rule)) {
      case Gate.Pass.Go go -> intend(turn, index);
      case Gate.Pass.Hold hold -> {}
      case Gate.Pass.Ask ask -> Approval.ask(turn, index, ask.reason());
      case Gate.Pass.Rehearse rehearse -> {
        turn.effort(index, turn.effort(index).started());
        turn.want(new Effect.Act(index, question(turn, index, seen, rule, Manner.REHEARSE)));
      }
      case Gate.Pass.Refuse refuse -> {
        turn.step(index, ended(turn, index, Ending.of(Outcome.REFUSED, refuse.reason())));
        Lifting.end(
            turn,
            rule,
            Lifting.End.ESCALATED,
            turn.steps.get(index).remedy() + ": " + refuse.reason());
      }
    }
  }

  /** Writes the intent; the act waits until it is on disk. */
  static void intend(Turn turn, int index) {
    Step step = turn.steps.get(index);
    turn.step(
        index,
        new Step(
            step.remedy(),
            step.target(),
            null,
            StepState.INTENDED,
            step.attempt(),
            turn.now().wall(),
            null,
            null,
            null,
            null,
            step.undoes()));
    turn.effort(index, turn.effort(index).intended(turn.nextRevision()));
    turn.become(State.HEALING);
  }

  static void act(Turn turn, int index, SymptomEvent.Seen seen, Rule rule) {
    Effort effort = turn.effort(index);
    boolean written = turn.disk().durable() >= effort.intent();
    if (effort.running() || !written || !turn.now().reached(effort.notBefore())) {
      return;
    }
    Step step = turn.steps.get(index);
    // Taking back is the end of a remedy, not a new one.
    boolean begins = step.undoes() == null;
    if (begins && (!Guardrails.running(turn, step) || Guardrails.stormy(turn, step))) {
      return;
    }
    if (begins && !turn.world.gate().mayGoOn(turn, seen)) {
      return;
    }
    if (!effort.begun()) {
      String verb = step.undoes() == null ? "" : ", to be taken back";
      turn.note("started", step.remedy() + " on " + step.target() + verb);
      turn.publish(
          new IncidentEvent.RemedyStarted(
              turn.was.id(), turn.was.subject(), step.remedy(), step.attempt()));
    }
    // An intent that this run did not write: an earlier one may have done it.
    Manner manner =
        step.undoes() != null ? Manner.UNDO : effort.intent() == 0 ? Manner.FINISH : Manner.DO;
    turn.effort(index, effort.started());
    turn.want(new Effect.Act(index, question(turn, index, seen, rule, manner)));
  }

  private static Question<Perform, Performed> question(
      Turn turn, int index, SymptomEvent.Seen seen, Rule rule, Manner manner) {
    Step step = turn.steps.get(index);
    int rung = step.attempt() - 1;
    Duration deadline =
        rung < rule.ladder().size() ? rule.ladder().get(rung).deadline() : rule.verifyWithin();
    Perform query =
        new Perform(
            turn.was.id(),
            rule.name(),
            rule.version(),
            rung,
            step.remedy(),
            manner,
            seen,
            step.undoes(),
            deadline);
    return new Question<>(
        RemedyRequests.PERFORM, query, deadline.plus(MARGIN), Rungs::judge, Rungs::unanswered);
  }

  private static Ending judge(Performed performed) {
    return new Ending(
        performed.outcome(),
        performed.detail(),
        null,
        List.of(),
        performed.output(),
        performed.undo());
  }

  private static Ending unanswered(Throwable failure) {
    Outcome outcome = Remedy.neverArrived(failure) ? Outcome.DEFERRED : Outcome.FAILED;
    return Ending.of(outcome, "not known to be done: " + failure.getMessage());
  }

  /** Takes in how an act ended. */
  static void apply(Turn turn, int index, Ending ending) {
    if (index >= turn.steps.size() || !turn.effort(index).running()) {
      return;
    }
    Step step = turn.steps.get(index);
    if (step.state() == StepState.PLANNED) {
      turn.step(
          index, ended(turn, index, Ending.of(Outcome.UNWANTED, "would: " + ending.detail())));
      turn.note("rehearsed", step.remedy() + " would: " + ending.detail());
      ending.output().forEach(line -> turn.note("output", line));
      return;
    }
    Effort effort = turn.effort(index);
    boolean lift = step.undoes() != null && ending.outcome() == Outcome.FAILED;
    boolean deferred = ending.outcome() == Outcome.DEFERRED && effort.tries() < MOST_TRIES;
    if (deferred || (lift && Lifting.again(effort))) {
      turn.effort(index, effort.putOff(turn.now()));
      turn.noteOnce("deferred", step.remedy() + ": " + ending.detail());
      return;
    }
    turn.effort(index, Effort.fresh(turn.now()));
    turn.step(index, ended(turn, index, ending));
    said(turn, step, ending);
  }

  private static void said(Turn turn, Step step, Ending ending) {
    turn.note("finished", step.remedy() + ": " + ending.detail());
    ending.output().forEach(line -> turn.note("output", line));
    turn.publish(
        new IncidentEvent.RemedyFinished(
            turn.was.id(),
            turn.was.subject(),
            step.remedy(),
            step.attempt(),
            ending.outcome(),
            ending.detail()));
  }

  private static Step ended(Turn turn, int index, Ending ending) {
    Step step = turn.steps.get(index);
    return new Step(
        step.remedy(),
        step.target(),
        null,
        StepState.ENDED,
        step.attempt(),
        step.startedAt(),
        turn.now().wall(),
        ending.outcome(),
        ending.detail(),
        // What failed half way may have left something to take back, too.
        ending.undo(),
        step.undoes());
  }
}
