package io.selfheal.job;

import io.selfheal.job.Claims.Bounds;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How old a job and its silence are for a rescue by age: what its row says, as far as the agent
 * itself does not know better. A row is written by a clock that may be hours off, or in another
 * zone than is thought; that a claim was not there yet at one moment, and was there at another, the
 * agent has seen. So an age is never more than what has passed since the one, nor less than what
 * has passed since the other. Pure.
 *
 * @param sure whether the row's times are the database's own, in a column that tells their zone. If
 *     not, of a job that ran already when the agent began to look only what the agent has seen
 *     itself counts
 * @param limit the most that counts of a job of which the agent knows nothing; null: none
 */
record Believed(boolean sure, @Nullable Duration limit) {
  /** Beyond what is lost in looks and transactions, a clock is wrong. */
  static final Duration MARGIN = Duration.ofMinutes(2);

  /** As the age of a job that was taken in the future. */
  private static final Duration AHEAD = MARGIN.negated();

  /** Of the claims of a source. */
  static Believed of(boolean sure, Claims claims) {
    return new Believed(sure, sure && !claims.areBehind() ? null : claims.watched());
  }

  /** The job, as old as can be believed. */
  Candidate of(Candidate job, @Nullable Bounds known) {
    if (known == null) {
      return limit == null ? job : job.aged(most(job.age(), limit), most(job.silence(), limit));
    }
    Duration age = within(job.age(), known.runsFor(), known.newerThan());
    Duration silence = within(job.silence(), known.silentFor(), known.beatWithin());
    boolean same = Objects.equals(age, job.age());
    return same && Objects.equals(silence, job.silence()) ? job : job.aged(age, silence);
  }

  private static @Nullable Duration most(@Nullable Duration told, Duration limit) {
    return told == null ? null : lesser(told, limit);
  }

  private @Nullable Duration within(
      @Nullable Duration told, Duration least, @Nullable Duration most) {
    if (told == null) {
      return null;
    }
    if (most == null) {
      return sure && told.compareTo(least) >= 0 ? told : least;
    }
    Duration lesser = lesser(told, most);
    return lesser.compareTo(least) < 0 ? least : lesser;
  }

  private static Duration lesser(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * By how much the row's start is too early (positive) or in the future (negative), where that
   * cannot be; null when it can.
   */
  static @Nullable Duration off(Candidate job, @Nullable Bounds known) {
    Duration age = job.age();
    if (age == null) {
      return null;
    }
    if (age.compareTo(AHEAD) < 0) {
      return age;
    }
    Duration most = known == null ? null : known.newerThan();
    return most != null && age.minus(most).compareTo(MARGIN) > 0 ? age.minus(most) : null;
  }

  /**
   * What is to be said of it, with how to mend it.
   *
   * @param off as {@link #off} says it
   * @param column that says when a job was taken; empty when the library has it its own way
   */
  static String words(Duration off, Optional<String> column) {
    String whose = column.map(name -> "column " + name).orElse("the library's time of the start");
    String how =
        off.isNegative()
            ? " is %s ahead: a running job was taken in the future"
                .formatted(Ages.text(off.negated()))
            : " is %s behind: a job was seen to be taken, and is older by its row"
                .formatted(Ages.text(off));
    return "those by age, until the agent itself has seen a job for long enough; "
        + whose
        + how
        + ". Set the clock of the worker's host; or, where it has no time zone, write it in UTC or"
        + " make it a timestamp with time zone, and write it by now() of the database";
  }
}
