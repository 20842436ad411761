package io.selfheal.job;

import io.selfheal.job.ToyLibrary.Fate;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list of jobs that were put aside, beside the truth. */
final class ToyLetters {
  private static final String LETTERS =
      "SELECT job_id, effect, state, jsonb_array_length(reasons) FROM selfheal.dead_letters";

  private final ToyGround ground;
  private final ToyTruth truth;

  ToyLetters(ToyGround ground, ToyTruth truth) {
    this.ground = ground;
    this.truth = truth;
  }

  /** The jobs that are on it. */
  Set<String> listed() throws SQLException {
    Set<String> jobs = new HashSet<>();
    for (List<String> row : ground.rows(LETTERS)) {
      jobs.add(row.getFirst());
    }
    return jobs;
  }

  /** Each is on it once, was put aside, and its reasons are deaths that there were. */
  void check(Map<String, Fate> fates) throws SQLException {
    Set<String> once = new HashSet<>();
    for (List<String> row : ground.rows(LETTERS)) {
      String job = row.getFirst();
      long reasons = Long.parseLong(row.getLast());
      boolean left = row.get(1).equals("leave");
      if (!row.get(2).equals("added") || !(left || fates.get(job) == Fate.ASIDE)) {
        throw new AssertionError("on the list is " + row + ", and the job is " + fates.get(job));
      }
      if (!once.add(job) && !left) {
        throw new AssertionError("job " + job + " is twice on the list");
      }
      if (reasons < ToyTerms.POISON_AFTER || truth.deaths(job) < reasons) {
        throw new AssertionError(
            "on the list is %s, and %d died on the job".formatted(row, truth.deaths(job)));
      }
    }
  }
}
