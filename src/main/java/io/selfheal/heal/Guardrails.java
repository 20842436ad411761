package io.selfheal.heal;

import io.selfheal.heal.RestartLimit.Ruling;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;

/** The checks before a remedy is intended; each verdict goes on the incident. */
final class Guardrails {
  private static final String NOBODY_TOLD = "nobody told me how to start it";

  private Guardrails() {}

  /** What becomes of the remedy. */
  enum Verdict {
    PASS,
    /** Not now: it is looked at again. */
    HOLD,
    /** Not by the agent. */
    REFUSE
  }

  static Verdict judge(Turn turn, Step step) {
    if (!owned(turn, step)) {
      return Verdict.REFUSE;
    }
    boolean restart = step.remedy().equals(RestartWorker.NAME);
    Ruling ruling = restart ? limit(turn, step) : new Ruling.Allowed("");
    if (ruling instanceof Ruling.Beyond beyond) {
      turn.guard("restart_limit", step.remedy(), false, beyond.reason());
      return Verdict.REFUSE;
    }
    if (!running(turn, step)) {
      return Verdict.HOLD;
    }
    if (ruling instanceof Ruling.Wait wait) {
      turn.guard("restart_limit", step.remedy(), false, wait.reason());
      return Verdict.HOLD;
    }
    turn.guard("pause", step.remedy(), true, "healing is not paused");
    if (restart) {
      turn.guard("restart_limit", step.remedy(), true, ruling.reason());
    }
    return Verdict.PASS;
  }

  /** Why a remedy was refused. */
  static String refusal(Turn turn, int index) {
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
  private static Ruling limit(Turn turn, Step step) {
    int most = turn.world.config().restarts();
    if (step.attempt() > most) {
      String times = Words.count(step.attempt() - 1L, "restart");
      return new Ruling.Beyond(times + " in this incident; the limit is " + most);
    }
    return RestartLimit.judge(turn.restarts, turn.now(), turn.world.config());
  }
}
