package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The SQL with which one source is swept. All of it is made once, from checked names and the types
 * in the catalog.
 *
 * @param first running jobs in the order of their ids. $1: how many at most. Answers {@code id,
 *     holder, claim, sign, next} as text and {@code age_ms, silence_ms, attempts} as bigint; next
 *     is an {@link Effect} in lower case, or null; and, if there can be one, {@code hindrance};
 *     and, where the library's other tables are asked, {@code orphaned} as boolean and {@code
 *     testimony} as text, see {@link Testimony}; and, where there are stretches, {@code horizon} as
 *     text, see {@link Spot.Look}; and {@code place} as bigint, see {@link PlaceSql}
 * @param next the same, after the id $2 (text)
 * @param rescues for each effect the statement that has it on the jobs $1 (text[]: ids), if their
 *     claims are still $2 (text[]) and their signs of life $3 (text[]); answers {@code id} of those
 *     that it changed. It skips locked rows and waits for none, and may leave some of the others
 *     for the next time where their rows are large
 * @param counts answers {@code state} as text, {@code jobs} and {@code oldest_ms} (of running ones;
 *     null otherwise) as bigint
 * @param advice an index that would make the look cheaper, a statement a line; null when there is
 *     one
 * @param guard takes the library's own lock for the jobs $1 (text[]: ids), in the transaction of a
 *     rescue and before it, so that the rescue sees what was done before the lock came; null when
 *     the library needs none
 * @param ready what {@link ReadyCount} makes; null when nothing tells ready jobs from others
 * @param stretches for some effects the statement that has it on the jobs of a {@link Stretch}: $1
 *     and $2 (text) are its ends, $3 (text) its horizon, $4 (integer) how many jobs it has; answers
 *     what {@link PgStretchAnswer} reads. It skips locked rows and waits for none
 * @param sure whether ages are the database's own word, see {@link Believed}
 * @param locks what {@link RowLocksSql} makes; null when it cannot be told who locks a row
 * @param lacking what is missing to put jobs aside, and how to mend it; null when nothing is, or
 *     when the library has no place for them
 */
record Statements(
    String first,
    String next,
    Map<Effect, String> rescues,
    String counts,
    @Nullable String advice,
    @Nullable String guard,
    @Nullable String ready,
    Map<Effect, String> stretches,
    boolean sure,
    @Nullable String locks,
    @Nullable String lacking) {
  /** Copies the maps. */
  Statements {
    rescues = Map.copyOf(rescues);
    stretches = Map.copyOf(stretches);
  }

  /** Without the statement that counts ready jobs, and without stretches. */
  Statements(
      String first,
      String next,
      Map<Effect, String> rescues,
      String counts,
      @Nullable String advice,
      @Nullable String guard) {
    this(first, next, rescues, counts, advice, guard, null, Map.of(), true, null, null);
  }

  /** Without a guard. */
  Statements(
      String first,
      String next,
      Map<Effect, String> rescues,
      String counts,
      @Nullable String advice) {
    this(first, next, rescues, counts, advice, null);
  }

  /** The same, with the statement that counts ready jobs. */
  Statements counting(String readyJobs) {
    return new Statements(
        first, next, rescues, counts, advice, guard, readyJobs, stretches, sure, locks, lacking);
  }

  /** The same, with those of stretches. */
  Statements stretching(Map<Effect, String> ofStretches) {
    return new Statements(
        first, next, rescues, counts, advice, guard, ready, ofStretches, sure, locks, lacking);
  }

  /**
   * The same, where the workers' own clocks, or times in a zone that is not told, say how old jobs
   * are.
   */
  Statements unsure() {
    return new Statements(
        first, next, rescues, counts, advice, guard, ready, stretches, false, locks, lacking);
  }

  /** The same, with the statement that tells who locks rows. */
  Statements locking(@Nullable String ofRows) {
    return new Statements(
        first, next, rescues, counts, advice, guard, ready, stretches, sure, ofRows, lacking);
  }

  /** The same, with one more effect. */
  Statements able(Effect effect, String rescue) {
    Map<Effect, String> more = new EnumMap<>(rescues);
    more.put(effect, rescue);
    return new Statements(
        first, next, more, counts, advice, guard, ready, stretches, sure, locks, lacking);
  }

  /** The same, where something is missing to put jobs aside. */
  Statements lacking(String what) {
    return new Statements(
        first, next, rescues, counts, advice, guard, ready, stretches, sure, locks, what);
  }

  /** What can be done with them. */
  Able able() {
    return new Able(rescues.keySet(), lacking);
  }

  /** The same, where looks tell the place, too. */
  Statements placed(TableName table, boolean server) {
    return new Statements(
        PlaceSql.with(first, table, server),
        PlaceSql.with(next, table, server),
        rescues,
        counts,
        advice,
        guard,
        ready,
        stretches,
        sure,
        locks,
        lacking);
  }
}
