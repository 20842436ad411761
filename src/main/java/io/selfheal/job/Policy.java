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
 * Decides what is done with a running job, from the verdict over its holder and what its row says.
 * Pure.
 *
 * <ul>
 *   <li>Dead: rescued at once, however young the job and its heartbeat are. A heartbeat tells of
 *       the past, a process that is gone tells of now; to wait out the heartbeat would be the very
 *       delay that job libraries have. A heartbeat that comes after the look stops the rescue all
 *       the same, because the rescue compares it.
 *   <li>Alive: left, however old. Slow is not stuck.
 *   <li>Unknown: a fresh heartbeat of the job counts as life. Otherwise it is rescued when it is as
 *       old as {@code stuckAfter}, and only if age alone may decide. A row without a usable time is
 *       never old: no data is not zero, and not for ever either. Until then a job whose worker
 *       seems gone is left, with the doubt and how long it waits for its age, so that a person
 *       knows.
 * </ul>
 *
 * Where the library has a rule of its own for what becomes of a rescued job, it counts, and {@code
 * maxAttempts} does not. A job that the database shows to be hindered is left, with the reason.
 *
 * <p>A heartbeat in the future by less than the grace is a worker's clock that is ahead, and fresh;
 * one further off says nothing.
 */
final class Policy {
  /** Why a job is shown before it is late. */
  static final String SEEMS_GONE = "its worker seems gone, but that is not proven";

  private static final String LAST = ", and the library has no attempt left for it";

  private final Limits limits;

  Policy(Limits limits) {
    this.limits = limits;
  }

  /** Empty when the job is within what it is allowed. */
  Optional<Judgement> judge(Candidate job, Verdict verdict) {
    return switch (verdict.ruling()) {
      case DEAD -> Optional.of(rescue(job, verdict, Cause.HOLDER_DEAD, "its holder is gone"));
      case ALIVE -> late(job).map(age -> slow(job, verdict, age));
      case UNKNOWN ->
          late(job)
              .map(age -> unproven(job, verdict, age))
              .or(
                  () ->
                      Optional.of(job)
                          .filter(one -> seemsGone(one, verdict))
                          .map(one -> doubtful(one, verdict)));
    };
  }

  private boolean seemsGone(Candidate job, Verdict verdict) {
    return verdict.seemsGone() && !beats(job);
  }

  private Judgement doubtful(Candidate job, Verdict verdict) {
    String hindrance = job.hindrance() == null ? "" : ", but " + job.hindrance();
    String reason = SEEMS_GONE + "; " + waits(job) + hindrance;
    return new Judgement(job, verdict, Effect.LEAVE, Cause.SEEMS_GONE, reason);
  }

  /** From when on its age decides. */
  private String waits(Candidate job) {
    if (!limits.actOnUnknown()) {
      return "age alone never decides, for act_on_unknown is off";
    }
    Duration age = atLeast(job);
    return age == null
        ? "age alone never decides, for its row has no usable time"
        : "age alone decides in %s, when it has run for %s (stuck_after)"
            .formatted(Ages.text(limits.stuckAfter().minus(age)), Ages.text(limits.stuckAfter()));
  }

  private boolean beats(Candidate job) {
    Duration silence = job.silence();
    return silence != null && silence.abs().compareTo(limits.heartbeatGrace()) < 0;
  }

  private Judgement slow(Candidate job, Verdict verdict, Duration age) {
    String reason = "slow but alive: " + running(age) + ", and its holder lives";
    return new Judgement(job, verdict, Effect.LEAVE, Cause.SLOW_BUT_ALIVE, reason);
  }

  private Judgement unproven(Candidate job, Verdict verdict, Duration age) {
    Duration silence = job.silence();
    if (silence != null && beats(job)) {
      String beat = "its own heartbeat is " + Ages.text(silence.abs()) + " old";
      Verdict alive = verdict.with(Ruling.ALIVE, List.of(beat));
      String reason = "slow but alive: " + running(age) + ", and " + beat;
      return new Judgement(job, alive, Effect.LEAVE, Cause.STILL_BEATING, reason);
    }
    Verdict told = verdict.with(Ruling.UNKNOWN, List.of(running(age)));
    if (!limits.actOnUnknown()) {
      String reason =
          running(age) + ", but nothing proves its holder dead and act_on_unknown is off";
      return new Judgement(job, told, Effect.LEAVE, Cause.NOTHING_PROVEN, reason);
    }
    return rescue(job, told, Cause.SILENT_TOO_LONG, running(age) + " without a sign of life");
  }

  private Judgement rescue(Candidate job, Verdict verdict, Cause cause, String why) {
    if (job.hindrance() != null) {
      String reason = why + ", but " + job.hindrance();
      return new Judgement(job, verdict, Effect.LEAVE, Cause.HINDERED, reason);
    }
    Effect next = job.next();
    if (next != null) {
      String last = next == Effect.REQUEUE ? "" : LAST;
      String after = job.becomes() == null ? last : ", and " + job.becomes();
      return new Judgement(job, verdict, next, cause, why + after);
    }
    Long attempts = job.attempts();
    if (limits.maxAttempts() == 0 || attempts == null || attempts < limits.maxAttempts()) {
      return new Judgement(job, verdict, Effect.REQUEUE, cause, why);
    }
    Effect effect = limits.deadLetters() ? Effect.DEAD_LETTER : Effect.FAIL;
    String reason = why + ", and it had " + attempts + " of " + limits.maxAttempts() + " attempts";
    return new Judgement(job, verdict, effect, cause, reason);
  }

  /** How old the job is at least, if that is past what it is allowed. */
  private Optional<Duration> late(Candidate job) {
    Duration age = atLeast(job);
    return Optional.ofNullable(age).filter(known -> known.compareTo(limits.stuckAfter()) >= 0);
  }

  /** A job is at least as old as its last heartbeat. */
  private static @Nullable Duration atLeast(Candidate job) {
    Duration age = job.knownAge();
    return age == null ? job.knownSilence() : age;
  }

  private String running(Duration age) {
    return "running for " + Ages.text(age) + ", stuck_after is " + Ages.text(limits.stuckAfter());
  }
}
