package io.selfheal.job;

import io.selfheal.job.Pages.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, at the end of a sweep, the jobs that it left because somebody else has their rows locked
 * from those that were completed, taken anew or rescued by another since they were read. Those that
 * are locked are asked for by their ids; only when there are some are the jobs read and judged
 * again: one counts that is still to be rescued, under the same claim. What cannot be told stays
 * what it seems, changed. Waits; use it on a virtual thread.
 */
record SecondLook(PgSource source, Statements statements, Locked locked) {
  private static final Logger LOG = LoggerFactory.getLogger(SecondLook.class);

  /**
   * Those of the left ones that wait for their rows.
   *
   * @param pages a reading that has not begun
   */
  List<Locked.One> at(List<Judgement> left, Supplier<Pages> pages) {
    try {
      Map<String, RowLock> locks = locks(left);
      return locked.found(locks.isEmpty() ? List.of() : wanted(left, locks, pages.get()), locks);
    } catch (SourceFailed failure) {
      LOG.debug("Who has rows locked is not known", failure);
      return locked.found(List.of(), Map.of());
    }
  }

  private Map<String, RowLock> locks(List<Judgement> left) {
    String statement = statements.locks();
    return left.isEmpty() || statement == null
        ? Map.of()
        : Waiting.on(source.locks().of(statement, left), "read who has rows locked");
  }

  private static List<Judgement> wanted(
      List<Judgement> left, Map<String, RowLock> locks, Pages pages) {
    Map<String, String> claims = new HashMap<>();
    left.forEach(one -> claims.put(one.job().id(), one.job().claim()));
    claims.keySet().retainAll(locks.keySet());
    List<Judgement> wanted = new ArrayList<>();
    try {
      Optional<Page> page = pages.next();
      while (page.isPresent()) {
        for (Judgement one : page.get().acting()) {
          if (one.job().claim().equals(claims.remove(one.job().id()))) {
            wanted.add(one);
          }
        }
        page = claims.isEmpty() ? Optional.empty() : pages.next();
      }
      return wanted;
    } finally {
      pages.end();
    }
  }
}
