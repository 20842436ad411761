package io.selfheal.journal;

import io.selfheal.bus.Time;
import io.selfheal.journal.Batch.Save;
import io.selfheal.journal.Tail.Dropped;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tail and the saves to the spool. Saves that come while a write runs go into the next
 * write together, so that one fsync serves them all.
 */
final class Writer {
  /** Events that may be lost when the power fails are at most this old. */
  private static final Duration SYNC_EVERY = Duration.ofSeconds(1);

  /** Events in one write. */
  static final int MOST = 5_000;

  private final Disk disk;
  private final Tail tail;
  private final Time time;
  private final Consumer<Outcome> listener;
  private Sequence sequence;
  private List<Waiting> saves = new ArrayList<>();
  private long writtenThrough;
  private long writtenKnown;
  private long lastSync;
  private boolean dirty;

  Writer(Disk disk, Tail tail, Sequence sequence, Time time, Consumer<Outcome> listener) {
    this.disk = disk;
    this.tail = tail;
    this.sequence = sequence;
    this.time = time;
    this.listener = listener;
    lastSync = time.mark();
  }

  private record Waiting(Save save, @Nullable Promise<Void> promise) {}

  /** How a write went; {@code problem} is null when it went well, {@code state} when it did not. */
  record Outcome(Spool.@Nullable State state, Dropped dropped, @Nullable Throwable problem) {}

  /** The places as they stand. */
  Sequence sequence() {
    return sequence;
  }

  /** The next place was given. */
  void advance(Sequence next) {
    sequence = next;
  }

  /** Saves with the next write; the future ends when it is on the disk itself. */
  Future<Void> save(Save save) {
    Promise<Void> promise = Promise.promise();
    saves.add(new Waiting(save, promise));
    return promise.future();
  }

  /** Saves with some later write. */
  void saveLater(Save save) {
    saves.add(new Waiting(save, null));
  }

  /** PostgreSQL has everything up to a position. */
  void written(long through) {
    writtenThrough = Math.max(writtenThrough, through);
  }

  /** The position up to which PostgreSQL has everything. */
  long writtenThrough() {
    return writtenThrough;
  }

  /** Whether saves wait. */
  boolean pending() {
    return !saves.isEmpty();
  }

  /** Writes what there is; never fails. One at a time. */
  Future<Void> write() {
    return write(sequence.wanted());
  }

  /** Writes everything, and gives back the places that were not used. */
  Future<Void> finish() {
    int before = tail.size();
    return write(sequence.newest())
        .compose(
            done -> tail.size() > 0 && tail.size() < before ? finish() : Future.succeededFuture());
  }

  private Future<Void> write(long reserve) {
    List<Recorded> events = tail.first(MOST);
    List<Waiting> taken = take();
    boolean due = dirty && time.since(lastSync).compareTo(SYNC_EVERY) >= 0;
    boolean promised = taken.stream().anyMatch(waiting -> waiting.promise != null);
    boolean reserving = reserve != sequence.reserved();
    boolean marking = writtenThrough > writtenKnown;
    if (events.isEmpty() && taken.isEmpty() && !due && !reserving && !marking) {
      return Future.succeededFuture();
    }
    boolean sync = due || promised || reserving;
    Sequence reserved = new Sequence(sequence.epoch(), sequence.newest(), reserve);
    Batch batch =
        new Batch(
            events, taken.stream().map(Waiting::save).toList(), reserved, writtenThrough, sync);
    return disk.run(spool -> spool.write(batch))
        .onSuccess(done -> succeeded(batch, taken, done))
        .onFailure(cause -> failed(taken, cause))
        .transform(done -> Future.succeededFuture());
  }

  private List<Waiting> take() {
    List<Waiting> taken = saves;
    saves = new ArrayList<>();
    return taken;
  }

  private void succeeded(Batch batch, List<Waiting> taken, Spool.Written done) {
    dirty = !batch.sync();
    if (batch.sync()) {
      lastSync = time.mark();
    }
    sequence = sequence.reserved(batch.sequence().reserved());
    writtenKnown = batch.writtenThrough();
    if (!batch.events().isEmpty()) {
      tail.removeThrough(batch.events().getLast().offset());
    }
    taken.forEach(
        waiting -> {
          if (waiting.promise != null) {
            waiting.promise.complete();
          }
        });
    listener.accept(
        new Outcome(done.state(), new Dropped(done.droppedSamples(), done.droppedFacts()), null));
  }

  private void failed(List<Waiting> taken, Throwable cause) {
    settle(taken, cause);
    listener.accept(new Outcome(null, tail.makeRoom(), cause));
  }

  /** Who waits is told; what nobody waits for is kept for the next write. */
  private void settle(List<Waiting> taken, Throwable cause) {
    taken.forEach(
        waiting -> {
          if (waiting.promise == null) {
            saves.add(waiting);
          } else {
            waiting.promise.fail(cause);
          }
        });
  }
}
