package io.selfheal.symptom;

import io.selfheal.message.SymptomRequests.Occasion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When a replayed rule would have acted; of many only the first are kept, all are counted. */
final class Occasions {
  /** So many are listed. */
  static final int MOST = 1_000;

  private final Duration verifyWithin;
  private final List<Occasion> listed = new ArrayList<>();
  private final Map<String, Open> open = new HashMap<>();
  private long more;
  private long recovered;

  /**
   * @param place in the list; -1 when it is not listed
   */
  private record Open(int place, Occasion occasion) {}

  /**
   * @param verifyWithin what is over by itself sooner counts as recovered
   */
  Occasions(Duration verifyWithin) {
    this.verifyWithin = verifyWithin;
  }

  /** It counts; there is at most one open occasion of a subject. */
  void begin(String subject, Instant at, String evidence) {
    if (open.containsKey(subject)) {
      return;
    }
    Occasion occasion = new Occasion(subject, at, evidence, null, null);
    boolean room = listed.size() < MOST;
    open.put(subject, new Open(room ? listed.size() : -1, occasion));
    if (room) {
      listed.add(occasion);
    } else {
      more++;
    }
  }

  /** The agent really did something about the subject; the first thing is told. */
  void treated(String subject, String remedy) {
    Open one = open.get(subject);
    if (one != null && one.occasion().remedy() == null) {
      change(subject, one, null, remedy);
    }
  }

  /** It is measured gone. */
  void end(String subject, Instant at) {
    Open one = open.get(subject);
    if (one == null) {
      return;
    }
    Occasion before = one.occasion();
    change(subject, one, at, before.remedy());
    open.remove(subject);
    boolean inTime = Duration.between(before.at(), at).compareTo(verifyWithin) <= 0;
    if (inTime && before.remedy() == null) {
      recovered++;
    }
  }

  private void change(
      String subject, Open one, @Nullable Instant cleared, @Nullable String remedy) {
    Occasion was = one.occasion();
    Occasion is = new Occasion(subject, was.at(), was.evidence(), cleared, remedy);
    open.put(subject, new Open(one.place(), is));
    if (one.place() >= 0) {
      listed.set(one.place(), is);
    }
  }

  List<Occasion> listed() {
    return List.copyOf(listed);
  }

  long more() {
    return more;
  }

  long recovered() {
    return recovered;
  }
}
