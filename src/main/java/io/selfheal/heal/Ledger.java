package io.selfheal.heal;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.Outcome;
import java.time.Instant;
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
    History next =
        opens(move) && Storms.counts(move.next())
            ? history.appeared(incident.subject(), now)
            : history;
    next = intended(next, incident, now);
    next = unstarted(next, before, incident);
    return standing(next, before, incident, now);
  }

  /** Not by the state: one that has a remedy is at it in the same reaction. */
  private static boolean opens(Move move) {
    return move.effects().stream()
        .anyMatch(
            effect ->
                effect instanceof Effect.Publish said
                    && said.event() instanceof IncidentEvent.Opened);
  }

  /**
   * A remedy counts from its intent on, for others are judged while that is being written; and it
   * counts once, however often it is put off. Taking back is no remedy.
   */
  private static History intended(History history, Incident incident, Moment now) {
    History next = history;
    for (int i = 0; i < incident.steps().size(); i++) {
      Step step = incident.steps().get(i);
      @Nullable Instant at = step.startedAt();
      boolean intent = step.state() == Incident.StepState.INTENDED && step.undoes() == null;
      boolean counts = intent && Leads.counts(incident.rule(), incident.steps(), i);
      if (counts && at != null && !known(next, incident, step.remedy(), at)) {
        Start start = new Start(step.remedy(), now.recalled(at));
        next = next.started(incident.rule(), incident.subject(), start);
      }
    }
    return next;
  }

  private static boolean known(History history, Incident incident, String remedy, Instant at) {
    return history.starts(incident.rule(), incident.subject()).stream()
        .anyMatch(start -> start.remedy().equals(remedy) && start.at().wall().equals(at));
  }

  /** What turns out to have done nothing does not count. */
  private static History unstarted(History history, @Nullable Case before, Incident incident) {
    History next = history;
    for (int i = 0; before != null && i < before.incident().steps().size(); i++) {
      Step was = before.incident().steps().get(i);
      if (i >= incident.steps().size() || was.state() != Incident.StepState.INTENDED) {
        continue;
      }
      Outcome outcome = incident.steps().get(i).outcome();
      boolean takenBack = incident.steps().get(i).state() == Incident.StepState.PLANNED;
      boolean nothing = takenBack || outcome == Outcome.ALREADY_DONE || outcome == Outcome.REFUSED;
      boolean counted = Leads.counts(incident.rule(), incident.steps(), i);
      if (nothing && counted && was.undoes() == null) {
        next = next.notStarted(incident.rule(), incident.subject(), was.remedy());
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
          .over(incident.id())
          .settled(incident.rule(), incident.subject());
    }
    return incident.state() == State.SELF_RECOVERED
        ? history.over(incident.id()).settled(incident.rule(), incident.subject())
        : history.standing(
            new Open(incident.id(), incident.rule(), incident.subject(), incident.state()));
  }
}
