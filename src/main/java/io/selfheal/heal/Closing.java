package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.IncidentEvent.Recovery;
import io.selfheal.message.Outcome;
import java.util.stream.Collectors;

/** Ends an incident. */
final class Closing {
  private Closing() {}

  /** The symptom is measured to be gone. */
  static void verified(Turn turn, String measured) {
    turn.note("verified", measured);
    turn.publish(new IncidentEvent.Verified(turn.was.id(), turn.was.subject(), measured));
    if (Held.rehearsed(turn.steps)) {
      selfRecovered(turn, "Recovered by itself: " + measured);
      return;
    }
    boolean acted = turn.steps.stream().anyMatch(step -> step.outcome() == Outcome.DONE);
    // What an earlier run of the agent had begun is found done: that was a remedy too.
    if (!acted && !turn.noted("taken_up")) {
      String found = details(turn);
      selfRecovered(turn, "Nothing was left to do" + (found.isEmpty() ? "" : ": " + found));
      return;
    }
    close(turn, State.CLOSED, Recovery.HEALED, "healed in " + took(turn) + ": " + details(turn));
  }

  /** The symptom went before any remedy began. */
  static void selfRecovered(Turn turn, String how) {
    close(turn, State.SELF_RECOVERED, Recovery.SELF_RECOVERED, how + " (after " + took(turn) + ")");
  }

  /** What had no remedy of its own is over. */
  static void passed(Turn turn, String how) {
    turn.note("verified", how);
    turn.publish(new IncidentEvent.Verified(turn.was.id(), turn.was.subject(), how));
    selfRecovered(turn, how);
  }

  /** Its jobs are safe, and nobody wants it started again. */
  static void leftStopped(Turn turn, Step restart) {
    String why = "not started again: " + restart.detail();
    String done = details(turn);
    selfRecovered(turn, done.isEmpty() ? why : done + ", " + why);
  }

  private static void close(Turn turn, State state, Recovery recovery, String result) {
    turn.over(state, result);
    turn.note("closed", result);
    turn.publish(new IncidentEvent.Closed(turn.was.id(), turn.was.subject(), recovery, result));
  }

  /** A person is needed. */
  static void escalate(Turn turn, String reason) {
    String done = details(turn);
    String result = done.isEmpty() ? reason : reason + " (done: " + done + ")";
    turn.over(State.ESCALATED, result);
    turn.note("escalated", result);
    turn.publish(new IncidentEvent.Escalated(turn.was.id(), turn.was.subject(), result));
  }

  private static String took(Turn turn) {
    return Words.duration(turn.now().since(turn.before.opened()));
  }

  private static String details(Turn turn) {
    return turn.steps.stream()
        .filter(step -> step.outcome() == Outcome.DONE || step.outcome() == Outcome.ALREADY_DONE)
        .map(Step::detail)
        .filter(detail -> !detail.equals(RequeueJobs.NO_SOURCE))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
