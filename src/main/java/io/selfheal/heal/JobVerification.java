package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerEvent;
import java.time.Duration;
import java.util.List;

/** Takes in what a dry run of the sweep says, or that there was none. */
final class JobVerification {
  private static final Duration LATER = Duration.ofSeconds(1);
  private static final Duration SELDOM = Duration.ofSeconds(5);

  private JobVerification() {}

  static void seen(Turn turn, Swept swept) {
    switch (Patience.of(swept, turn.jobs.tries())) {
      case Patience.Waits(String why, boolean soon) -> wait(turn, why);
      case Patience.Spent(String why) -> giveUp(turn, why);
      case Patience.Over(String unswept) -> judge(turn, swept, unswept);
    }
  }

  static void unseen(Turn turn, String problem) {
    switch (Patience.silent(problem, turn.jobs.tries())) {
      case Patience.Waits(String why, boolean soon) -> wait(turn, why);
      case Patience.Spent(String why) -> giveUp(turn, why);
    }
  }

  private static void wait(Turn turn, String problem) {
    if (!problem.equals(turn.jobs.waiting())) {
      turn.note("waiting", "Nobody can tell whether jobs are stuck: " + problem);
    }
    turn.jobs = turn.jobs.unknown(problem, turn.now());
  }

  /** An answer that comes late tells nothing of the attempt that is under way by now. */
  private static void giveUp(Turn turn, String problem) {
    if (turn.state() != State.VERIFYING) {
      wait(turn, problem);
      return;
    }
    Closing.escalate(turn, "nobody can tell whether jobs are stuck: " + problem);
  }

  private static void judge(Turn turn, Swept swept, String unswept) {
    List<StuckJob> left = swept.jobs().stream().filter(job -> concerns(turn, job)).toList();
    if (left.isEmpty() && swept.more() == 0) {
      turn.jobs = turn.jobs.passed(unswept, swept.sources());
      return;
    }
    String what = Words.count(left.size() + swept.more(), "job") + " left to rescue";
    boolean observed = Held.rehearsed(turn.steps);
    turn.jobs = turn.jobs.stillStuck(what, unswept, turn.now().in(observed ? SELDOM : LATER));
    boolean more = !observed && turn.count(RequeueJobs.NAME) < turn.world.config().attempts();
    if (more && turn.state() == State.VERIFYING) {
      turn.note("unverified", what + "; requeueing again");
      turn.become(State.HEALING);
      turn.append(Symptoms.requeue(turn, target(turn)));
    }
  }

  private static String target(Turn turn) {
    return turn.cause instanceof JobEvent event ? event.source() : Cause.worker(turn.cause);
  }

  private static boolean concerns(Turn turn, StuckJob job) {
    boolean mine =
        turn.cause instanceof WorkerEvent || turn.jobs.jobs().contains(JobCheck.key(job));
    return mine && job.effect() != JobEvent.Effect.LEAVE;
  }
}
