package io.selfheal.journal;

import io.selfheal.message.Recorded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The newest events: published, and not in the spool yet. */
final class Tail {
  private final long limit;
  private final Deque<Recorded> events = new ArrayDeque<>();
  private long bytes;
  private long samples;
  private long facts;

  /**
   * @param limit bytes that it may hold while the disk fails; incidents come on top
   */
  Tail(long limit) {
    this.limit = limit;
  }

  /** How many were given up. */
  record Dropped(long samples, long facts) {
    static final Dropped NONE = new Dropped(0, 0);
  }

  void add(Recorded event) {
    events.addLast(event);
    count(event, 1);
  }

  /** The oldest, in order. */
  List<Recorded> first(int most) {
    return events.stream().limit(most).toList();
  }

  /** Everything behind an offset, oldest first. */
  List<Recorded> after(long offset) {
    return events.stream().filter(event -> event.offset() > offset).toList();
  }

  /** The oldest offset; 0 when there is none. */
  long oldest() {
    return events.isEmpty() ? 0 : events.getFirst().offset();
  }

  int size() {
    return events.size();
  }

  /** Forgets what the spool has. */
  void removeThrough(long offset) {
    while (!events.isEmpty() && events.getFirst().offset() <= offset) {
      count(events.removeFirst(), -1);
    }
  }

  /** Makes room, in the order of the spool: samples, then facts, never an incident's events. */
  Dropped makeRoom() {
    long dropSamples = drop(Kind.SAMPLE, samples);
    return new Dropped(dropSamples, drop(Kind.FACT, facts));
  }

  private long drop(Kind kind, long there) {
    long dropped = 0;
    Iterator<Recorded> oldest = events.iterator();
    while (bytes > limit && dropped < there && oldest.hasNext()) {
      Recorded event = oldest.next();
      if (Kind.of(event) == kind) {
        oldest.remove();
        count(event, -1);
        dropped++;
      }
    }
    return dropped;
  }

  private void count(Recorded event, int by) {
    bytes += by * RecordedType.size(event);
    switch (Kind.of(event)) {
      case SAMPLE -> samples += by;
      case FACT -> facts += by;
      case INCIDENT -> {}
    }
  }
}
