package io.selfheal.heal;

import io.selfheal.heal.Gate.Pass;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;

/** The checks before a remedy is intended; each verdict goes on the incident. */
final class Guardrails {
  private static final String NOBODY_TOLD = "nobody told me how to start it";

  private Guardrails() {}

  /**
   * Nobody is asked for what may not be done anyway, and nothing is done that is only rehearsed.
   */
  static Pass judge(Turn turn, int index) {
    Step step = turn.steps.get(index);
    Pass pass =
        turn.world
            .rules()
            .builtIn()
            .named(turn.was.rule())
            .map(rule -> turn.world.gate().builtIn(turn, index, rule))
            .orElseGet(Pass.Go::new);
    if (pass instanceof Pass.Rehearse) {
      return pass;
    }
    if (!owned(turn, step)) {
      return new Pass.Refuse(refusal(turn, index));
    }
    boolean restart = step.remedy().equals(RestartWorker.NAME);
    RestartLimit.Ruling limit =
        restart ? limit(turn, step) : new RestartLimit.Ruling.Allowed("it starts nothing");
    if (limit instanceof RestartLimit.Ruling.Beyond beyond) {
      turn.guard("restart_limit", step.remedy(), false, beyond.reason());
      return new Pass.Refuse(refusal(turn, index));
    }
    if (pass instanceof Pass.Refuse) {
      return pass;
    }
    if (!running(turn, step)) {
      return new Pass.Hold();
    }
    if (limit instanceof RestartLimit.Ruling.Wait wait) {
      turn.guard("restart_limit", step.remedy(), false, wait.reason());
      return new Pass.Hold();
    }
    if (pass instanceof Pass.Go) {
      turn.guard("pause", step.remedy(), true, "healing is not paused");
      if (restart) {
        turn.guard("restart_limit", step.remedy(), true, limit.reason());
      }
    }
    return pass;
  }

  /** Why a remedy was refused. */
  private static String refusal(Turn turn, int index) {
    Step step = turn.steps.get(index);
    if (!Cause.startable(turn.cause)) {
      return NOBODY_TOLD;
    }
    return turn.steps.subList(0, index).reversed().stream()
        .filter(earlier -> earlier.remedy().equals(step.remedy()))
        .filter(earlier -> earlier.outcome() == Outcome.FAILED)
        .findFirst()
        .map(failed -> limit(turn, step).reason() + "; the last one failed: " + failed.detail())
        .orElseGet(() -> limit(turn, step).reason());
  }

  /** Whether the switch lets remedies start. */
  static boolean running(Turn turn, Step step) {
    if (!turn.world.paused()) {
      return true;
    }
    turn.guard("pause", step.remedy(), false, "paused by " + turn.world.pause().reason());
    return false;
  }

  /** Whether so many have fallen sick since a remedy was intended that it waits for the end. */
  static boolean stormy(Turn turn, Step step) {
    boolean waits = Reach.mayEndProcesses(step.remedy());
    if (!waits || !(turn.world.gate().storm(turn) instanceof Ruling.Wait storm)) {
      return false;
    }
    turn.guard("storm", step.remedy(), false, storm.reason());
    if (storm.cause() != null) {
      turn.causedBy(storm.cause(), storm.reason());
    }
    return true;
  }

  /**
   * A worker that only others can start is not started, and is not ended for mere silence: then
   * there would be none.
   */
  private static boolean owned(Turn turn, Step step) {
    if (Cause.startable(turn.cause) || step.remedy().equals(RequeueJobs.NAME)) {
      return true;
    }
    boolean silent = turn.cause instanceof Unresponsive unwell && unwell.reason() == Unwell.SILENT;
    if (step.remedy().equals(StopWorker.NAME) && !silent) {
      return true;
    }
    turn.guard("owner", step.remedy(), false, NOBODY_TOLD);
    return false;
  }

  /** The limit of the slot; and within one incident no more tries than it allows. */
  private static RestartLimit.Ruling limit(Turn turn, Step step) {
    int most = turn.world.config().restarts();
    if (step.attempt() > most) {
      String times = Words.count(step.attempt() - 1L, "restart");
      return new RestartLimit.Ruling.Beyond(times + " in this incident; the limit is " + most);
    }
    return RestartLimit.judge(turn.restarts, turn.now(), turn.world.config());
  }
}
