package io.selfheal.job;

import io.selfheal.job.Changing.Begun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one sweep that are being changed, in order. There are two of them, so that the
 * database has the next one to work on while the agent tells what became of the one before, and
 * reads and judges the one after. Waits; use it on a virtual thread.
 */
final class Batches {
  /** More would hold more in memory, and the database is busy with two. */
  private static final int MOST = 2;

  private final Changing changing;
  private final BiConsumer<Batch, Done> settled;
  private final Deque<Batch> begun = new ArrayDeque<>();

  /**
   * @param settled is told what became of each batch, also of one that failed
   */
  Batches(Changing changing, BiConsumer<Batch, Done> settled) {
    this.changing = changing;
    this.settled = settled;
  }

  /**
   * What was found together.
   *
   * @param acting of the judged, those that are changed
   * @param begun null when nothing is
   */
  record Batch(List<Judgement> judged, List<Judgement> acting, @Nullable Begun begun) {}

  /**
   * Waits until one more can be begun.
   *
   * @throws SourceFailed when one before it failed: then none should be
   */
  void room() {
    while (begun.size() >= MOST) {
      settleFirst();
    }
  }

  /** Begins, unless it is only rehearsed. */
  void begin(List<Judgement> judged, List<Judgement> acting, boolean rehearsed) {
    boolean changes = !rehearsed && !acting.isEmpty();
    begun.add(new Batch(judged, acting, changes ? changing.begin(acting) : null));
  }

  /** How many jobs are being changed, or rehearsed. */
  long jobs() {
    return begun.stream().mapToLong(batch -> batch.acting().size()).sum();
  }

  /**
   * Waits for all.
   *
   * @throws SourceFailed when one failed; the others are settled all the same
   */
  void settle() {
    try {
      while (!begun.isEmpty()) {
        settleFirst();
      }
    } finally {
      if (!begun.isEmpty()) {
        settle();
      }
    }
  }

  private void settleFirst() {
    Batch first = begun.remove();
    Begun changes = first.begun();
    Done done =
        changes == null ? new Done(Changing.ids(first.acting()), null) : changing.await(changes);
    if (changes != null) {
      changing.end(changes, done);
    }
    settled.accept(first, done);
    if (done.failure() != null) {
      throw done.failure();
    }
  }
}
