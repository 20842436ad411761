package io.selfheal.live;

import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of one client from its place in the past to the live stream. While a page is on its way,
 * what is live is kept; when a page reaches the place at which it was asked for, what was kept
 * begins before the page ends, and the two are joined without a hole.
 */
final class Replay {
  private static final int PATIENCE = 4;

  private final long limit;
  private final List<Recorded> kept = new ArrayList<>();
  private long keptBytes;
  private long seen;
  private boolean spilled;
  private long after;
  private long mark;
  private boolean asked;
  private boolean resting;
  private int fruitless;

  /**
   * @param after the place of the client
   * @param limit bytes of live events that are kept while a page is on its way
   */
  Replay(long after, long limit) {
    this.after = after;
    this.limit = limit;
  }

  long after() {
    return after;
  }

  boolean mayAsk() {
    return !asked && !resting;
  }

  /** A page behind {@link #after} is asked for; from now on the live events are kept anew. */
  void ask(long received) {
    asked = true;
    mark = received;
    seen = received;
    spilled = false;
    kept.clear();
    keptBytes = 0;
  }

  /** Live events came. */
  void offer(List<Chunk> chunks, long to) {
    seen = Math.max(seen, to);
    for (Chunk chunk : chunks) {
      for (Recorded event : chunk.events()) {
        keptBytes += event.json().length;
        spilled |= keptBytes > limit;
        if (spilled) {
          kept.clear();
          return;
        }
        kept.add(event);
      }
    }
  }

  /** A page came that was read up to {@code last}; says whether it joins the live stream. */
  boolean arrived(long last, boolean more) {
    asked = false;
    boolean forward = last > after;
    after = Math.max(after, last);
    if (!more && after >= mark && !spilled) {
      return true;
    }
    if (forward) {
      fruitless = 0;
      return false;
    }
    return rest();
  }

  /** No page came. */
  void failed() {
    asked = false;
    rest();
  }

  private boolean rest() {
    fruitless++;
    resting = true;
    return false;
  }

  /** A rest is over. */
  void rested() {
    resting = false;
  }

  boolean hopeless() {
    return fruitless >= PATIENCE;
  }

  /** Gives the journal up: the last offset of what is then missing. */
  long missingUpTo() {
    return spilled ? seen : mark;
  }

  /** The live events that were kept, behind an offset. */
  List<Recorded> keptBehind(long offset) {
    return kept.stream().filter(event -> event.offset() > offset).toList();
  }
}
