package io.selfheal.job;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of one source whose change the table did not allow a while ago, so that no sweep spends
 * itself on them. They are tried again after a minute, for somebody may have mended the table; and
 * when they are refused again, after twice as long as before, up to 8 minutes, for each attempt
 * that the database undoes bloats the table.
 */
final class Refused {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** So often the time doubles. */
  private static final int DOUBLINGS = 3;

  /** Beyond this it is another story. */
  private static final Duration KEPT = AGAIN.multipliedBy(1L << (DOUBLINGS + 1));

  /** Of more nothing is remembered: they are tried again at once. */
  private static final int MOST = 10_000;

  private final Time time;
  private final SequencedMap<String, Refusal> known = new LinkedHashMap<>();

  Refused(Time time) {
    this.time = time;
  }

  /**
   * Under a claim.
   *
   * @param before how often it was refused before
   * @param mark when
   */
  private record Refusal(String claim, String why, int before, long mark) {
    Duration pause() {
      return AGAIN.multipliedBy(1L << Math.min(before, DOUBLINGS));
    }
  }

  /** Some of these were just refused. */
  void add(List<Judgement> acting, Map<String, String> refused) {
    if (refused.isEmpty()) {
      return;
    }
    forget();
    for (Judgement one : acting) {
      String why = refused.get(one.job().id());
      Refusal last = known.remove(one.job().id());
      if (why != null && known.size() < MOST) {
        boolean same = last != null && last.claim.equals(one.job().claim());
        int before = same ? last.before + 1 : 0;
        known.putLast(one.job().id(), new Refusal(one.job().claim(), why, before, time.mark()));
      }
    }
  }

  /** The same judgement, or that the job is left because its change is not allowed. */
  Judgement held(Judgement judgement) {
    if (known.isEmpty() || !judgement.acts()) {
      return judgement;
    }
    forget();
    String why = why(judgement.job());
    return why == null ? judgement : judgement.refused(why);
  }

  private @Nullable String why(Candidate job) {
    Refusal one = known.get(job.id());
    return one == null
            || !one.claim.equals(job.claim())
            || time.since(one.mark).compareTo(one.pause()) >= 0
        ? null
        : one.why;
  }

  /** The oldest come first. */
  private void forget() {
    var all = known.values().iterator();
    while (all.hasNext() && time.since(all.next().mark).compareTo(KEPT) >= 0) {
      all.remove();
    }
  }
}
