package io.selfheal.job;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict.Ruling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides whether a job kills its workers, and is put aside rather than queued again. Pure.
 *
 * <p>Deaths count as long as they follow each other: where the number of the attempt did not grow
 * from one to the next, the job was completed in between and begun anew, as a recurring one is, and
 * what was before is forgotten.
 *
 * <p>What the library or the attempts have decided already, such as that it fails, stays.
 *
 * @param after with so many points a job is poison; 0: never
 */
record Poison(int after) {
  /** Whether deaths are counted at all. */
  boolean watches() {
    return after > 0;
  }

  /** Whether the holder of the job died, so that deaths count. */
  boolean counts(Judgement judgement) {
    return watches() && judgement.acts() && judgement.verdict().ruling() == Ruling.DEAD;
  }

  /**
   * The judgement with the deaths that count, and with another effect if they are too many.
   *
   * @param earlier deaths under other claims of the job, oldest first
   * @param able what can be done in this source
   */
  Judgement weigh(Judgement judgement, List<Death> earlier, Set<Effect> able, Instant now) {
    List<Death> deaths = inARow(earlier, death(judgement, now));
    int points = deaths.stream().mapToInt(Death::points).sum();
    if (points < after) {
      return with(judgement, judgement.effect(), judgement.cause(), judgement.reason(), deaths);
    }
    String why = judgement.reason() + "; " + died(deaths.size(), points);
    if (judgement.effect() != Effect.REQUEUE) {
      return with(judgement, judgement.effect(), Cause.POISON, why, deaths);
    }
    Effect aside = aside(able);
    String words =
        aside == Effect.LEAVE
            ? why + ": left as it is, for its library has no place for such jobs"
            : why + ": quarantined, not queued again";
    return with(judgement, aside, Cause.POISON, words, deaths);
  }

  /** The same job, put aside because that is asked for, however few have died on it. */
  static Judgement asked(Judgement judgement, Set<Effect> able, String why, Instant now) {
    List<Death> deaths =
        judgement.deaths().isEmpty() ? List.of(death(judgement, now)) : judgement.deaths();
    return with(
        judgement, aside(able), Cause.POISON, judgement.reason() + "; put aside: " + why, deaths);
  }

  private static Effect aside(Set<Effect> able) {
    if (able.contains(Effect.DEAD_LETTER)) {
      return Effect.DEAD_LETTER;
    }
    return able.contains(Effect.FAIL) ? Effect.FAIL : Effect.LEAVE;
  }

  private static Death death(Judgement judgement, Instant now) {
    return new Death(
        judgement.verdict().outOfMemory() ? 2 : 1,
        judgement.job().attempts(),
        judgement.verdict().evidence(),
        now);
  }

  private static List<Death> inARow(List<Death> earlier, Death last) {
    List<Death> row = new ArrayList<>(List.of(last));
    for (Death death : earlier.reversed()) {
      Long next = row.getFirst().attempts();
      if (next != null && death.attempts() != null && next <= death.attempts()) {
        return row;
      }
      row.addFirst(death);
    }
    return row;
  }

  private String died(int times, int points) {
    return "its workers died on it "
        + (times == 1 ? "once" : times + " times")
        + (points == times ? "" : ", " + points + " points as memory ran out")
        + ", poison_after is "
        + after;
  }

  private static Judgement with(
      Judgement judgement, Effect effect, Cause cause, String reason, List<Death> deaths) {
    return new Judgement(judgement.job(), judgement.verdict(), effect, cause, reason, deaths);
  }
}
