package io.selfheal.journal;

/**
 * The next free place, and how far places are reserved on disk.
 *
 * <p>An event is published before it is on disk. If the agent is killed in between, the place has
 * been seen and must never be given to another event. So places are reserved on disk ahead of their
 * use, and a start goes on behind the reservation. A clean stop gives the unused rest back, so
 * offsets have a gap only where events may really have been lost.
 *
 * @param newest the newest offset that was given; 0 before the first
 * @param reserved the newest offset that may be given
 */
record Sequence(long epoch, long newest, long reserved) {
  /** How many places are reserved at a time: at 10 events a second, the disk may fail for hours. */
  static final long BLOCK = 100_000;

  /** Whether a place is left. Samples leave the last half to facts. */
  boolean has(boolean sample) {
    long left = reserved - newest;
    return sample ? left > BLOCK / 2 : left > 0;
  }

  /** The place after the newest. */
  Sequence next() {
    return new Sequence(epoch, newest + 1, reserved);
  }

  /** The reservation to write before the half that only facts may use is reached; else the same. */
  long wanted() {
    return reserved - newest <= BLOCK * 3 / 4 ? newest + BLOCK : reserved;
  }

  /** With what is reserved on disk now. */
  Sequence reserved(long through) {
    return new Sequence(epoch, newest, Math.max(reserved, through));
  }
}
