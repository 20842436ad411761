package io.selfheal.heal;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import org.jspecify.annotations.Nullable;

/** Writes into the history what became of an incident in one reaction. Pure. */
final class Ledger {
  private Ledger() {}

  /**
   * The history after a reaction.
   *
   * @param before null when the incident was just opened or taken up
   */
  static History after(History history, @Nullable Case before, Move move, Moment now) {
    Incident incident = move.next().incident();
    History next = history;
    if (before == null && incident.state() == State.OPENED) {
      next = next.appeared(incident.subject(), now);
    }
    for (Effect effect : move.effects()) {
      if (effect instanceof Effect.Act act && starts(incident, act.step())) {
        next = next.started(incident.rule(), incident.subject(), start(incident, act.step(), now));
      }
    }
    next = unstarted(next, before, incident, now);
    return standing(next, before, incident, now);
  }

  /** A rehearsal starts nothing, and taking back is no remedy. */
  private static boolean starts(Incident incident, int index) {
    Step step = incident.steps().get(index);
    return step.state() == Incident.StepState.INTENDED && step.undoes() == null;
  }

  private static Start start(Incident incident, int index, Moment now) {
    Step step = incident.steps().get(index);
    return new Start(
        step.remedy(), step.startedAt() == null ? now : now.recalled(step.startedAt()));
  }

  /** What turns out to have done nothing does not count. */
  private static History unstarted(
      History history, @Nullable Case before, Incident incident, Moment now) {
    History next = history;
    for (int i = 0; before != null && i < before.incident().steps().size(); i++) {
      Step was = before.incident().steps().get(i);
      if (i >= incident.steps().size() || was.state() != Incident.StepState.INTENDED) {
        continue;
      }
      Outcome outcome = incident.steps().get(i).outcome();
      boolean nothing = outcome == Outcome.ALREADY_DONE || outcome == Outcome.REFUSED;
      if (nothing && was.undoes() == null) {
        next =
            next.notStarted(incident.rule(), incident.subject(), was.remedy());
      }
    }
    return next;
  }

  private static History standing(
      History history, @Nullable Case before, Incident incident, Moment now) {
    boolean turned = before == null || before.incident().state() != incident.state();
    if (!turned) {
      return history;
    }
    if (incident.state() == State.CLOSED) {
      return history
          .healed(incident.rule(), incident.subject(), now)
          .over(incident.id());
    }
    return incident.state() == State.SELF_RECOVERED
        ? history.over(incident.id())
        : history.standing(
            new Open(incident.id(), incident.rule(), incident.subject(), incident.state()));
  }
}
