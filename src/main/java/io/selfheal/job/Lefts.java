package io.selfheal.job;

import io.selfheal.message.JobEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers which jobs were said to be left alone, so that each is said once an attempt and cause,
 * and no look says more than {@link #MOST_SAID}. What is not seen in a whole look is forgotten.
 */
final class Lefts {
  /** Events in one look; the rest follows in the next ones. */
  static final int MOST_SAID = 100;

  /** Beyond so many no more are said: nobody reads them. */
  static final int MOST_KNOWN = 10_000;

  private final String source;
  private final Set<Key> known = new HashSet<>();
  private final Set<Key> seen = new HashSet<>();
  private int said;

  Lefts(String source) {
    this.source = source;
  }

  private record Key(String id, String claim, Judgement.Cause cause) {}

  /** A look begins. */
  void begin() {
    seen.clear();
    said = 0;
  }

  /** What is to be said of one batch. */
  List<JobEvent.Left> say(List<Judgement> judgements) {
    List<JobEvent.Left> events = new ArrayList<>();
    for (Judgement judgement : judgements) {
      if (judgement.acts()) {
        continue;
      }
      Key key = new Key(judgement.job().id(), judgement.job().claim(), judgement.cause());
      if (known.contains(key)) {
        seen.add(key);
        continue;
      }
      if (said < MOST_SAID && known.size() < MOST_KNOWN) {
        said++;
        known.add(key);
        seen.add(key);
        events.add(new JobEvent.Left(source, key.id(), judgement.reason(), judgement.verdict()));
      }
    }
    return events;
  }

  /** The look has read all running jobs. */
  void end() {
    known.retainAll(seen);
  }
}
