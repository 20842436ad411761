package io.selfheal.job;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Jobs of one source whose rows the last sweep found locked by somebody else, so that whoever looks
 * at them is told, and each is said once as long as the same one locks it. For how long that one
 * has been at it is told as when it was seen first: what stays as it is is no news.
 */
final class Locked {
  /** Longer ago, the row may be free: as long as a job waits for one, sweeps come more often. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Time time;
  private Map<String, Wait> known = Map.of();
  private long mark;

  Locked(Time time) {
    this.time = time;
  }

  /** Of a job under a claim, for who has locked its row. */
  private record Wait(String claim, int pid, String words) {}

  /**
   * A job that waits for its row.
   *
   * @param words who has locked it, to go on from "is locked"
   * @param news whether that was not so at the sweep before
   */
  record One(Judgement judgement, String words, boolean news) {}

  /**
   * A sweep found of these, and no others, some locked.
   *
   * @param locks by the id of the job
   */
  List<One> found(List<Judgement> jobs, Map<String, RowLock> locks) {
    Map<String, Wait> before = fresh();
    Map<String, Wait> now = new LinkedHashMap<>();
    List<One> found = new ArrayList<>();
    for (Judgement one : jobs) {
      String id = one.job().id();
      RowLock lock = locks.get(id);
      if (lock != null) {
        Wait wait = wait(one, lock, Stream.of(before, now));
        now.put(id, wait);
        found.add(new One(one, wait.words, !wait.equals(before.get(id))));
      }
    }
    known = now;
    mark = time.mark();
    return found;
  }

  private static Wait wait(Judgement one, RowLock lock, Stream<Map<String, Wait>> said) {
    int pid = lock.holder().pid();
    String words =
        said.flatMap(waits -> waits.values().stream())
            .filter(wait -> wait.pid == pid)
            .findFirst()
            .map(Wait::words)
            .orElseGet(lock::sentence);
    return new Wait(one.job().claim(), pid, words);
  }

  private Map<String, Wait> fresh() {
    return !known.isEmpty() && time.since(mark).compareTo(FRESH) < 0 ? known : Map.of();
  }

  /** The same judgement, and that it waits for its row, if it does. */
  Judgement told(Judgement judgement) {
    Wait wait = judgement.acts() ? fresh().get(judgement.job().id()) : null;
    return wait == null || !wait.claim.equals(judgement.job().claim())
        ? judgement
        : judgement.because(judgement.waits(wait.words));
  }
}
