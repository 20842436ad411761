package io.selfheal.job;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a job kills its workers, and is put aside rather than queued again. Pure.
 *
 * <p>A crash is one point, and two when the kernel killed the process for want of memory. An end
 * that somebody wanted is none: in order, by TERM, INT or HUP, by systemd, by this agent, or with
 * the whole machine. One of which nobody saw how it came about is half a point, for deployments end
 * workers more often than jobs do.
 *
 * <p>A process that held several jobs is one death, not several: its points are divided among them.
 * On the next one those that were there before are more suspect than the others: then the points
 * are divided only among the jobs on which a worker has died before, and a job on its first death
 * has its share of all again. So a job that kills whoever takes it stands out from its changing
 * neighbours at its second death, and fills three points at its fourth. Those that always die
 * together cannot be told apart: they fill their points the slower the more they are, and then one
 * of them is put aside at each death, the most suspect first. If it was the cause, the others live.
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
  private static final double CRASH = 1;
  private static final double NOT_SEEN = 0.5;
  private static final double OUT_OF_MEMORY = 2;

  /** Shares such as thirds do not add up to the last digit. */
  private static final double CLOSE = 1e-6;

  /**
   * The deaths of workers on one job that are known.
   *
   * @param earlier under other claims, oldest first
   * @param own under this claim, as it was counted when it was seen first; null when it was not yet
   */
  record Known(List<Death> earlier, @Nullable Death own) {
    /** None. */
    static final Known NOTHING = new Known(List.of(), null);
  }

  /**
   * The end of one process. A job that is left where it is keeps the name of its holder, which
   * another process may have had since: that one's end was not counted together with this one.
   *
   * @param counted when it was; null when it was not yet
   */
  private record Gone(@Nullable String holder, @Nullable Instant counted) {}

  /** Whether deaths are counted at all. */
  boolean watches() {
    return after > 0;
  }

  /** Whether the holder of the job died, and nobody wanted it to, so that its death counts. */
  boolean counts(Judgement judgement) {
    return watches()
        && judgement.acts()
        && judgement.verdict().ruling() == Ruling.DEAD
        && points(judgement.verdict()) > 0;
  }

  private static double points(Verdict verdict) {
    if (verdict.outOfMemory()) {
      return OUT_OF_MEMORY;
    }
    return switch (verdict.end()) {
      case ORDERLY -> 0;
      case CRASHED -> CRASH;
      case UNKNOWN -> NOT_SEEN;
    };
  }

  /**
   * The judgements of one batch, those whose deaths count with them, and with another effect if
   * they are too many.
   *
   * @param known by the id of the job
   * @param able what can be done in this source
   */
  List<Judgement> weigh(List<Judgement> judged, Map<String, Known> known, Able able, Instant now) {
    Map<Gone, List<Judgement>> byProcess =
        judged.stream()
            .filter(this::counts)
            .collect(
                Collectors.groupingBy(one -> new Gone(one.job().holder(), counted(one, known))));
    // By identity: a record's hash reads all of its texts.
    IdentityHashMap<Judgement, Judgement> weighed = new IdentityHashMap<>();
    byProcess.values().forEach(jobs -> weighed.putAll(together(jobs, known, able, now)));
    return judged.stream().map(one -> weighed.getOrDefault(one, one)).toList();
  }

  private static @Nullable Instant counted(Judgement judgement, Map<String, Known> known) {
    Death own = of(judgement, known).own();
    return own == null ? null : own.at();
  }

  /** Those that one process held. */
  private IdentityHashMap<Judgement, Judgement> together(
      List<Judgement> held, Map<String, Known> known, Able able, Instant now) {
    IdentityHashMap<Judgement, List<Death>> before = new IdentityHashMap<>();
    held.forEach(one -> before.put(one, inARow(of(one, known).earlier(), one.job().attempts())));
    long again = before.values().stream().filter(deaths -> !deaths.isEmpty()).count();
    IdentityHashMap<Judgement, Judgement> weighed = new IdentityHashMap<>();
    Judgement first = null;
    for (Judgement one : held) {
      List<Death> deaths = new ArrayList<>(before.getOrDefault(one, List.of()));
      Death own = of(one, known).own();
      deaths.add(own != null ? own : death(one, deaths.isEmpty() ? held.size() : again, now));
      Judgement counted = with(one, one.effect(), one.cause(), one.reason(), deaths);
      weighed.put(one, counted);
      boolean full = points(deaths) + CLOSE >= after;
      if (full && one.effect() != Effect.REQUEUE) {
        weighed.put(one, with(counted, one.effect(), Cause.POISON, died(counted), deaths));
      } else if (full && (first == null || moreSuspect(counted, weighed.get(first)))) {
        first = one;
      }
    }
    if (first != null) {
      weighed.put(first, aside(weighed.getOrDefault(first, first), able));
    }
    return weighed;
  }

  private static boolean moreSuspect(Judgement one, @Nullable Judgement other) {
    return other != null && points(one.deaths()) > points(other.deaths()) + CLOSE;
  }

  private static Known of(Judgement judgement, Map<String, Known> known) {
    return known.getOrDefault(judgement.job().id(), Known.NOTHING);
  }

  private static double points(List<Death> deaths) {
    return deaths.stream().mapToDouble(Death::points).sum();
  }

  private Judgement aside(Judgement judgement, Able able) {
    Effect aside = able.aside();
    String words =
        aside == Effect.LEAVE
            ? ": left as it is, for " + able.why()
            : ": quarantined, not queued again";
    return with(judgement, aside, Cause.POISON, died(judgement) + words, judgement.deaths());
  }

  /** The same job, put aside because that is asked for, however few have died on it. */
  static Judgement asked(Judgement judgement, Able able, String why, Instant now) {
    List<Death> deaths =
        judgement.deaths().isEmpty() ? List.of(death(judgement, 1, now)) : judgement.deaths();
    return with(
        judgement, able.aside(), Cause.POISON, judgement.reason() + "; put aside: " + why, deaths);
  }

  /**
   * @param among so many jobs its points are divided
   */
  private static Death death(Judgement judgement, long among, Instant now) {
    return new Death(
        points(judgement.verdict()) / among,
        judgement.job().attempts(),
        judgement.verdict().evidence(),
        now);
  }

  /** Those that follow each other up to the attempt that died now. */
  private static List<Death> inARow(List<Death> earlier, @Nullable Long attempts) {
    List<Death> row = new ArrayList<>();
    Long next = attempts;
    for (Death death : earlier.reversed()) {
      if (next != null && death.attempts() != null && next <= death.attempts()) {
        return row;
      }
      row.addFirst(death);
      next = death.attempts();
    }
    return row;
  }

  private String died(Judgement judgement) {
    int times = judgement.deaths().size();
    double points = points(judgement.deaths());
    String counted = number(points) + (points == 1 ? " point" : " points");
    String share =
        Math.abs(points - times) < CLOSE
            ? ""
            : ", " + counted + (points > times ? " as memory ran out" : " are its share");
    return judgement.reason()
        + "; its workers died on it "
        + (times == 1 ? "once" : times + " times")
        + share
        + ", poison_after is "
        + after;
  }

  private static String number(double points) {
    return BigDecimal.valueOf(points)
        .setScale(2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static Judgement with(
      Judgement judgement, Effect effect, Cause cause, String reason, List<Death> deaths) {
    return new Judgement(judgement.job(), judgement.verdict(), effect, cause, reason, deaths);
  }
}
