package io.selfheal.service;

import java.util.Arrays;

/**
 * The permits of one service: open ones in the order in which they lapse, and those that ended, for
 * as long as their place is not needed, so that a report that comes again is known.
 *
 * <p>Numbers in arrays, not objects: a permit costs no garbage.
 */
final class Permits {
  /** Open ones of one service, at most. */
  static final int MOST = 16_384;

  /** No place. */
  static final int NONE = -1;

  private static final int FIRST = 64;

  /** What became of a permit. */
  enum Fate {
    OPEN,
    REPORTED,
    LAPSED,
    /** There is none, or it is forgotten. */
    UNKNOWN
  }

  private long[] sequences = new long[FIRST];
  private long[] expiries = new long[FIRST];
  private long[] reserved = new long[FIRST];
  private long[] epochs = new long[FIRST];
  private int[] next = new int[FIRST];
  private int[] previous = new int[FIRST];
  private Fate[] fates = new Fate[FIRST];
  private boolean[] probes = new boolean[FIRST];
  private int oldest = NONE;
  private int youngest = NONE;
  private int firstFree = NONE;
  private int lastFree = NONE;
  private int open;

  Permits() {
    offer(0);
  }

  private void offer(int from) {
    for (int place = from; place < sequences.length; place++) {
      fates[place] = Fate.UNKNOWN;
      free(place);
    }
  }

  int open() {
    return open;
  }

  boolean full() {
    return open == MOST;
  }

  /** The open one that lapses first; {@link #NONE} when none is open. */
  int oldest() {
    return oldest;
  }

  /**
   * A new one. They lapse in the order in which they are made.
   *
   * @return its place
   */
  int add(long sequence, long expiry, long cost, long epoch, boolean probe) {
    if (firstFree == NONE) {
      grow();
    }
    int place = firstFree;
    firstFree = next[place];
    if (firstFree == NONE) {
      lastFree = NONE;
    }
    sequences[place] = sequence;
    expiries[place] = expiry;
    reserved[place] = cost;
    epochs[place] = epoch;
    probes[place] = probe;
    fates[place] = Fate.OPEN;
    next[place] = NONE;
    previous[place] = youngest;
    if (youngest == NONE) {
      oldest = place;
    } else {
      next[youngest] = place;
    }
    youngest = place;
    open++;
    return place;
  }

  private void grow() {
    int before = sequences.length;
    int size = before * 2;
    sequences = Arrays.copyOf(sequences, size);
    expiries = Arrays.copyOf(expiries, size);
    reserved = Arrays.copyOf(reserved, size);
    epochs = Arrays.copyOf(epochs, size);
    next = Arrays.copyOf(next, size);
    previous = Arrays.copyOf(previous, size);
    fates = Arrays.copyOf(fates, size);
    probes = Arrays.copyOf(probes, size);
    offer(before);
  }

  /** What became of the permit that had this place and this sequence. */
  Fate fate(int place, long sequence) {
    if (place < 0 || place >= sequences.length || sequences[place] != sequence) {
      return Fate.UNKNOWN;
    }
    return fates[place];
  }

  /** An open one ended. */
  void end(int place, Fate how) {
    int before = previous[place];
    int after = next[place];
    if (before == NONE) {
      oldest = after;
    } else {
      next[before] = after;
    }
    if (after == NONE) {
      youngest = before;
    } else {
      previous[after] = before;
    }
    open--;
    fates[place] = how;
    free(place);
  }

  /** The place that was freed longest ago is used first. */
  private void free(int place) {
    next[place] = NONE;
    if (lastFree == NONE) {
      firstFree = place;
    } else {
      next[lastFree] = place;
    }
    lastFree = place;
  }

  /** One that had lapsed was reported after all. */
  void reportedLate(int place) {
    fates[place] = Fate.REPORTED;
  }

  long expiry(int place) {
    return expiries[place];
  }

  long reserved(int place) {
    return reserved[place];
  }

  long epoch(int place) {
    return epochs[place];
  }

  boolean probe(int place) {
    return probes[place];
  }
}
