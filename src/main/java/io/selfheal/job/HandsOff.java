package io.selfheal.job;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rule for libraries whose jobs cannot be rescued from outside: what {@link Policy} would
 * rescue is left, with the reason why and with what a person can do. So is a job that the library
 * itself counts as orphaned, however its holder is judged. What else the limits say of a rescue
 * says nothing here. Pure.
 */
final class HandsOff implements Rule {
  private final Policy policy;
  private final String why;
  private final String remedy;

  /**
   * @param why why the agent does not touch these jobs, to follow "because"
   * @param remedy what a person can do
   */
  HandsOff(Limits limits, String why, String remedy) {
    this.policy =
        new Policy(new Limits(limits.stuckAfter(), limits.heartbeatGrace(), 0, true, false));
    this.why = why;
    this.remedy = remedy;
  }

  @Override
  public Optional<Judgement> judge(Candidate job, Verdict verdict, @Nullable Duration seenFor) {
    Testimony testimony = job.testimony();
    Verdict told = testimony == null ? verdict : with(verdict, testimony.words());
    boolean orphaned = testimony != null && testimony.orphaned();
    if (orphaned && told.ruling() != Ruling.DEAD) {
      return Optional.of(left(job, told, Cause.ORPHANED, orphaned(told)));
    }
    return policy.judge(job, told).map(this::left);
  }

  private static String orphaned(Verdict verdict) {
    return verdict.ruling() == Ruling.ALIVE
        ? "its holder lives, yet the library counts the job as orphaned and may run it beside it"
        : "the library counts it as orphaned";
  }

  private Judgement left(Judgement judgement) {
    if (judgement.cause() == Cause.SEEMS_GONE) {
      return left(judgement.job(), judgement.verdict(), judgement.cause(), Policy.SEEMS_GONE);
    }
    return judgement.acts()
        ? left(judgement.job(), judgement.verdict(), judgement.cause(), judgement.reason())
        : judgement;
  }

  private Judgement left(Candidate job, Verdict verdict, Cause cause, String stuck) {
    return left(job, verdict, cause, stuck, why, remedy);
  }

  /** A job that is left to the library and to people. */
  static Judgement left(
      Candidate job, Verdict verdict, Cause cause, String stuck, String why, String remedy) {
    String reason = stuck + "; not touched, because " + why + "; what a person can do: " + remedy;
    return new Judgement(job, verdict, Effect.LEAVE, cause, reason);
  }

  /** The same ruling, with more evidence. */
  static Verdict with(Verdict verdict, String more) {
    return verdict.with(verdict.ruling(), List.of(more));
  }
}
