package io.selfheal.job;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a fired row of Quartz: nothing, it is explained; and with a trigger that
 * nothing holds any more: when its row has not changed for {@link #STABLE}, it waits again, if the
 * library's lock can be taken. The two differ in {@link Candidate#next}, which a fired row has not.
 * Pure.
 */
final class QuartzRule implements Rule {
  /**
   * Twice the half minute for which a scheduler acquires triggers ahead of their time, so that no
   * step of the library is still under way.
   */
  static final Duration STABLE = Duration.ofMinutes(1);

  private static final String RECOVERS =
      "Quartz recovers it itself, with a trigger of its own where the job requests recovery, and"
          + " would do so a second time";

  private static final String START =
      "start an instance of its scheduler: it recovers what others left, or, if not clustered,"
          + " all; an execution whose job does not request recovery is only cleared away: fire its"
          + " trigger again if it must be done";

  private static final String LOCKLESS =
      "no instance of its scheduler checks in, or it does not lock in the database";

  private static final String RESTART =
      "start the scheduler: clustered, the agent then frees the trigger; not clustered, it frees"
          + " the trigger itself when it starts";

  private final HandsOff fired;

  QuartzRule(Limits limits) {
    this.fired = new HandsOff(limits, RECOVERS, START);
  }

  @Override
  public Optional<Judgement> judge(Candidate job, Verdict verdict, @Nullable Duration seenFor) {
    Effect next = job.next();
    if (next == null) {
      return fired.judge(job, verdict, seenFor);
    }
    if (seenFor == null || seenFor.compareTo(STABLE) < 0) {
      return Optional.empty();
    }
    return Optional.of(free(job, next, seenFor));
  }

  /** It has no holder, so a verdict over one, such as over a worker as a whole, says nothing. */
  private static Judgement free(Candidate job, Effect next, Duration seenFor) {
    Testimony testimony = job.testimony();
    Verdict told =
        Verdict.of(Ruling.UNKNOWN, "its row has not changed for at least " + Ages.text(seenFor));
    if (testimony != null) {
      told = HandsOff.with(told, testimony.words());
    }
    String stuck = "nothing holds this trigger, and it never fires again as it is";
    return next == Effect.LEAVE
        ? HandsOff.left(job, told, Cause.NOTHING_HOLDS_IT, stuck, LOCKLESS, RESTART)
        : new Judgement(job, told, next, Cause.NOTHING_HOLDS_IT, stuck);
  }
}
