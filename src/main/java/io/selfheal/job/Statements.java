package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
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
 *     testimony} as text, see {@link Testimony}
 * @param next the same, after the id $2 (text)
 * @param rescues for each effect the statement that has it on the jobs $1 (text[]: ids), if their
 *     claims are still $2 (text[]) and their signs of life $3 (text[]); answers {@code id} of those
 *     that it changed. It skips locked rows and waits for none
 * @param counts answers {@code state} as text, {@code jobs} and {@code oldest_ms} (of running ones;
 *     null otherwise) as bigint
 * @param advice an index that would make the look cheaper; null when there is one
 * @param guard takes the library's own lock for the jobs $1 (text[]: ids), in the transaction of a
 *     rescue and before it, so that the rescue sees what was done before the lock came; null when
 *     the library needs none
 * @param ready what {@link ReadyCount} makes; null when nothing tells ready jobs from others
 */
record Statements(
    String first,
    String next,
    Map<Effect, String> rescues,
    String counts,
    @Nullable String advice,
    @Nullable String guard,
    @Nullable String ready) {
  /** Copies the map. */
  Statements {
    rescues = Map.copyOf(rescues);
  }

  /** Without the statement that counts ready jobs. */
  Statements(
      String first,
      String next,
      Map<Effect, String> rescues,
      String counts,
      @Nullable String advice,
      @Nullable String guard) {
    this(first, next, rescues, counts, advice, guard, null);
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
    return new Statements(first, next, rescues, counts, advice, guard, readyJobs);
  }
}
