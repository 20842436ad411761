package io.selfheal.job;

import io.selfheal.job.Blockade.Seen;
import io.selfheal.job.Judgement.Cause;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a judgement by what was seen of its worker's connections and processes. It may
 * turn a rescue by age into leaving the job, never the other way round, and never touches the job
 * of a dead holder. Pure.
 */
final class Weighing {
  private Weighing() {}

  /** With the holder's use of processor and storage as evidence; it decides nothing. */
  static Judgement moved(Judgement late, Map<Candidate, HolderProcess> processes) {
    HolderProcess process = processes.get(late.job());
    String movement = process == null ? null : process.movement();
    return movement == null || late.verdict().ruling() == Ruling.DEAD
        ? late
        : with(late, late.effect(), late.cause(), late.reason(), List.of(movement));
  }

  /** It could not be read whether the job is blocked. */
  static Judgement blind(Judgement late, String why) {
    if (!late.acts() || late.verdict().ruling() == Ruling.DEAD) {
      return late;
    }
    String reason = late.reason() + ", but whether its worker waits for a lock is not known";
    return with(late, Effect.LEAVE, Cause.LOCKS_NOT_KNOWN, reason, List.of(why));
  }

  /** Nothing that waits is its worker's, as far as was read. */
  static Judgement unblocked(Judgement late, Waits waits) {
    return waits.waits().size() < PgBackends.MOST
        ? late
        : blind(late, "at least " + PgBackends.MOST + " connections wait for locks");
  }

  /** It is blocked. */
  static Judgement blocked(
      Judgement late, Seen seen, Blockade blockade, Blockers blockers, Waits waits) {
    String who = blockade.who(late, seen);
    LockWait wait = seen.lock();
    String by = blockers.sentence(wait.pid());
    boolean sure = late.verdict().ruling() == Ruling.ALIVE;
    String names = wait.session().names();
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "%s has waited for a lock%s (server's pid %d%s)%s"
            .formatted(
                who,
                wait.lasted(),
                wait.pid(),
                names.isEmpty() ? "" : ", " + names,
                wait.session().said()));
    evidence.add(by);
    if (waits.hidden() || blockers.hidden(wait.pid())) {
      evidence.add(
          "what connections of other roles do is hidden from the role %s; run: GRANT pg_read_all_stats TO %s"
              .formatted(waits.role(), Sql.name(waits.role())));
    }
    if (!sure && !late.acts()) {
      // Left already, for a reason that is certain.
      return with(late, late.effect(), late.cause(), late.reason(), evidence);
    }
    String reason =
        (sure ? "blocked, not stuck: " : "may be blocked: ") + who + " waits for a lock, " + by;
    return with(late, Effect.LEAVE, Cause.BLOCKED, reason, evidence);
  }

  private static Judgement with(
      Judgement late, Effect effect, Cause cause, String reason, List<String> more) {
    Verdict verdict = late.verdict().with(late.verdict().ruling(), more);
    return new Judgement(late.job(), verdict, effect, cause, reason);
  }
}
