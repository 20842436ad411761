package io.selfheal.heal;

import io.selfheal.message.StuckJob;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The measurement that no job is stuck any more.
 *
 * @param looking a dry run is under way
 * @param tries dry runs in a row that could not tell
 * @param notBefore the mark before which there is no other
 * @param clean nothing is left to rescue
 * @param waiting why nobody can tell now; null when somebody can
 * @param left what is still stuck; empty when nothing is or nobody looked
 * @param unswept the sources that were not looked at and are not waited for; empty when there are
 *     none
 * @param sourced whether there was any source to look at, when last looked at
 * @param jobs the jobs that it is about; empty: all that the sweep covers
 */
record JobCheck(
    boolean looking,
    int tries,
    long notBefore,
    boolean clean,
    @Nullable String waiting,
    String left,
    String unswept,
    boolean sourced,
    Set<String> jobs) {
  private static final int MOST = 2_000;

  static JobCheck fresh(Moment now) {
    return new JobCheck(false, 0, now.mark(), false, null, "", "", true, Set.of());
  }

  /** Forgets what was measured, not what it is about. */
  JobCheck anew(Moment now) {
    return new JobCheck(looking, 0, now.mark(), false, null, "", "", true, jobs);
  }

  JobCheck about(List<StuckJob> more) {
    Set<String> all = new HashSet<>(jobs);
    more.stream().limit(Math.max(0, MOST - all.size())).map(JobCheck::key).forEach(all::add);
    return new JobCheck(
        looking, tries, notBefore, clean, waiting, left, unswept, sourced, Set.copyOf(all));
  }

  JobCheck looked() {
    return new JobCheck(true, tries, notBefore, clean, waiting, left, unswept, sourced, jobs);
  }

  JobCheck hastened(Moment now) {
    return new JobCheck(looking, tries, now.mark(), clean, waiting, left, unswept, sourced, jobs);
  }

  /** Nothing is left, but perhaps in sources that are not waited for. */
  JobCheck passed(String except, int sources) {
    return new JobCheck(false, 0, notBefore, true, null, "", except, sources > 0, jobs);
  }

  /** What is not waited for now is not waited for anew. */
  JobCheck stillStuck(String what, String except, long next) {
    int still = except.isEmpty() ? 0 : tries;
    return new JobCheck(false, still, next, false, null, what, except, true, jobs);
  }

  JobCheck unknown(String why, Moment now) {
    return new JobCheck(
        false, tries + 1, now.in(Effort.pause(tries)), false, why, left, "", true, jobs);
  }

  static String key(StuckJob job) {
    return job.source() + "/" + job.jobId();
  }
}
