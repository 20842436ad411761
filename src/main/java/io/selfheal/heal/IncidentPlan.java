package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JobEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Decides what to do about one incident: {@code (case, input, world) → (case, effects)}.
 *
 * <p>Whatever the input, the ladder is then looked at as a whole: what is due is wanted, what is
 * not waits. So it does not matter in which order answers, readings and ticks arrive.
 */
final class IncidentPlan {
  private IncidentPlan() {}

  /**
   * Opens an incident.
   *
   * @param restarts earlier restarts of the slot, oldest first
   */
  static Move open(Match match, String id, String agent, List<Moment> restarts, World world) {
    Event cause = match.cause();
    Incident incident =
        new Incident(
            id,
            cause instanceof SymptomEvent.Seen seen ? seen.symptom() : cause.type(),
            cause.subject(),
            agent,
            match.rule(),
            version(match, world),
            cause.severity(),
            State.OPENED,
            match.summary(),
            Cause.write(cause),
            world.now().wall(),
            null,
            null,
            List.of(),
            List.of(),
            match.ladder());
    Turn turn = new Turn(fresh(incident, cause, world.now(), restarts, world, false), world);
    turn.note("seen", match.summary());
    turn.publish(
        new IncidentEvent.Opened(id, cause.subject(), incident.symptom(), incident.summary()));
    return advance(turn);
  }

  private static String version(Match match, World world) {
    return match.cause() instanceof SymptomEvent.Seen seen
        ? seen.ruleVersion()
        : world.rules().builtIn().named(match.rule()).map(Rule::version).orElse("");
  }

  /**
   * Takes up an incident that an earlier run of the agent left open.
   *
   * @param restarts earlier restarts of the slot, oldest first
   * @throws IOException when it was opened by a version that knows more
   */
  static Move takeUp(Incident incident, List<Moment> restarts, World world) throws IOException {
    Event cause = Cause.read(incident.symptom(), incident.cause());
    Moment opened = world.now().recalled(incident.openedAt());
    Turn turn =
        new Turn(
            fresh(incident, cause, opened, restarts, world, Symptoms.awaitsStop(incident.steps())),
            world);
    turn.note("taken_up", "Taken up again after a restart of the agent");
    return advance(turn);
  }

  private static Case fresh(
      Incident incident,
      Event cause,
      Moment opened,
      List<Moment> restarts,
      World world,
      boolean examine) {
    Moment now = world.now();
    JobCheck jobs = JobCheck.fresh(now);
    return new Case(
        incident,
        cause,
        opened,
        Map.of(),
        restarts,
        Disk.fresh(now),
        WorkerCheck.fresh(now),
        cause instanceof JobEvent.Stuck stuck ? jobs.about(stuck.examples()) : jobs,
        SymptomCheck.fresh(now),
        Duration.ZERO,
        now,
        examine);
  }

  /** Reacts to an input. */
  static Move react(Case before, Input input, World world) {
    Turn turn = new Turn(before, world);
    switch (input) {
      case Input.Ticked ticked -> {}
      case Input.Seen seen -> Symptoms.fold(turn, seen.event());
      case Input.Saved saved -> turn.disk(turn.disk().saved(saved.revision(), turn.now()));
      case Input.NotSaved failed -> turn.disk(turn.disk().failed(failed.problem(), turn.now()));
      case Input.Acted acted -> ended(turn, acted);
      case Input.WorkersSeen seen -> Verification.workers(turn, seen.workers());
      case Input.WorkersUnseen unseen -> Verification.workersUnseen(turn);
      case Input.JobsSeen seen -> JobVerification.seen(turn, seen.swept());
      case Input.JobsUnseen unseen -> JobVerification.unseen(turn, unseen.problem());
      case Input.SymptomRead read -> turn.symptom = turn.symptom.read(read.standing(), turn.now());
      case Input.SymptomUnread unread -> turn.symptom = turn.symptom.read(null, turn.now());
      case Input.Decided decided -> Approval.decided(turn, decided);
      case Input.DatabaseBack back -> hasten(turn);
      case Input.Caused caused -> turn.causedBy(caused.incidentId(), caused.why());
      case Input.Retold retold -> turn.summary(retold.summary());
      case Input.ConsequenceOver over -> Storms.ended(turn, over.one());
    }
    return advance(turn);
  }

  private static void ended(Turn turn, Input.Acted acted) {
    if (turn.cause instanceof SymptomEvent) {
      Rungs.apply(turn, acted.step(), acted.ending());
      return;
    }
    Outcomes.apply(turn, acted.step(), acted.ending());
  }

  private static Move advance(Turn turn) {
    if (Storms.is(turn.was)) {
      Storms.advance(turn);
    } else if (turn.cause instanceof SymptomEvent.Seen seen) {
      Climb.advance(turn, seen);
    } else if (!turn.state().over()) {
      if (turn.examine) {
        Verification.look(turn);
      } else {
        Ladder.advance(turn);
        Verification.advance(turn);
      }
    }
    return turn.end();
  }

  /** PostgreSQL answers again: what waits for it is tried at once. */
  private static void hasten(Turn turn) {
    turn.jobs = turn.jobs.hastened(turn.now());
    for (int i = 0; i < turn.steps.size(); i++) {
      if (turn.steps.get(i).remedy().equals(RequeueJobs.NAME)) {
        turn.effort(i, turn.effort(i).hastened(turn.now()));
      }
    }
  }
}
