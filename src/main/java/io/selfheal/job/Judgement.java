package io.selfheal.job;

import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.util.List;

/**
 * What is to be done with one job that is past what it is allowed.
 *
 * @param verdict with what the row itself says added to the evidence
 * @param cause stays the same while the numbers in the reason change
 * @param deaths of its workers, as far as they count, the newest last; empty unless it was weighed
 */
record Judgement(
    Candidate job, Verdict verdict, Effect effect, Cause cause, String reason, List<Death> deaths) {
  /** A judgement for which deaths do not count. */
  Judgement(Candidate job, Verdict verdict, Effect effect, Cause cause, String reason) {
    this(job, verdict, effect, cause, reason, List.of());
  }

  /** Why. */
  enum Cause {
    HOLDER_DEAD,
    SILENT_TOO_LONG,
    SLOW_BUT_ALIVE,
    STILL_BEATING,
    NOTHING_PROVEN,
    SEEMS_GONE,
    HINDERED,
    HELD,
    BLOCKED,
    LOCKS_NOT_KNOWN,
    ORPHANED,
    NOTHING_HOLDS_IT,
    POISON,
    REFUSED,
    LOCKED,
    CHANGED
  }

  /** Whether the job is to be changed. */
  boolean acts() {
    return effect != Effect.LEAVE;
  }

  /**
   * Whether it would be changed without proof. That nothing holds a job, in rows that did not
   * change for long and under the library's own lock, is proof: no silence of a holder is part of
   * it.
   */
  boolean guess() {
    return acts() && verdict.ruling() != Ruling.DEAD && cause != Cause.NOTHING_HOLDS_IT;
  }

  /** Whether workers died on it too often. */
  boolean poison() {
    return cause == Cause.POISON;
  }

  /** The same, with another reason. */
  Judgement because(String words) {
    return new Judgement(job, verdict, effect, cause, words, deaths);
  }

  /** The same job, left for now because rescues are held back. */
  Judgement held(String why) {
    return new Judgement(job, verdict, Effect.LEAVE, Cause.HELD, reason + "; held back: " + why);
  }

  /** The same job, left because the table does not allow its change. */
  Judgement refused(String why) {
    return new Judgement(job, verdict, Effect.LEAVE, Cause.REFUSED, reason + "; but " + why);
  }

  /**
   * The same job, left for now because another has its row locked.
   *
   * @param words who, to go on from "is locked"
   */
  Judgement locked(String words) {
    return new Judgement(job, verdict, Effect.LEAVE, Cause.LOCKED, waits(words));
  }

  /** The reason, and that it waits for its row. */
  String waits(String words) {
    return reason + "; tried again until its row is free: it is locked " + words;
  }

  /** The same job, left because it is no longer as it was read. */
  Judgement changed() {
    return new Judgement(
        job,
        verdict,
        Effect.LEAVE,
        Cause.CHANGED,
        "changed since the look: it was completed, taken again, or is locked by another");
  }

  /** The same of the job as its row has it. */
  Judgement about(Candidate row) {
    return new Judgement(row, verdict, effect, cause, reason, deaths);
  }

  /** For the outside. */
  StuckJob of(String source) {
    return new StuckJob(
        source,
        job.id(),
        job.holder(),
        job.knownAge(),
        job.knownSilence(),
        job.attempts(),
        verdict,
        effect,
        reason);
  }
}
