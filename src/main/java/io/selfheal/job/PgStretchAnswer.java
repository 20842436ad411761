package io.selfheal.job;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a statement tells which jobs of a {@link Stretch} it changed. Nearly always it is all of
 * them, which is one word: to write their ids, send and read them costs as much as a tenth of the
 * change. Pure.
 */
final class PgStretchAnswer {
  private PgStretchAnswer() {}

  /**
   * The end of a statement whose argument $4 says how many jobs the stretch has. It answers one
   * row: {@code whole} as boolean, and {@code ids} as text[], null when it is the whole.
   *
   * @param changed the name of a query in WITH that changes no jobs but those of the stretch, and
   *     answers those that it changed
   * @param id the id as text, of a row of it with the alias t
   */
  static String answer(String changed, String id) {
    return """
        SELECT n.whole,
               CASE WHEN NOT n.whole THEN ARRAY(SELECT %s FROM %s AS t) END AS ids
        FROM (SELECT count(*) = $4::int AS whole FROM %2$s) AS n"""
        .formatted(id, changed);
  }

  /** Which of the jobs of the stretch were changed. */
  static Set<String> changed(RowSet<Row> answer, List<Candidate> jobs) {
    Row row = answer.iterator().next();
    Set<String> changed = HashSet.newHashSet(jobs.size());
    if (row.getBoolean("whole")) {
      jobs.forEach(job -> changed.add(job.id()));
    } else {
      changed.addAll(List.of(row.getArrayOfStrings("ids")));
    }
    return changed;
  }
}
