package io.selfheal.journal;

import io.selfheal.journal.Shelves.Placed;
import io.selfheal.message.Recorded;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * What is on local disk: the events that PostgreSQL does not have yet, the newest that it has, the
 * incidents, and small facts. Used by one thread only.
 *
 * <p>An event lies at a position: its offset, shifted by a base that grows with a new epoch, so
 * that events of the epoch before stay until PostgreSQL has them.
 */
final class Spool {
  /** How many places back events are kept that PostgreSQL has too. */
  static final long KEPT = 10_000;

  private static final String EPOCH = "epoch";
  private static final String BASE = "base";
  private static final String RESERVED = "reserved";
  private static final String WRITTEN = "written";
  private static final String FLOOR = "floor";
  private static final int FULL_ENOUGH_PERCENT = 60;
  private static final int RECLAIM_BYTES = 1 << 20;

  private final MVStore store;
  private final long limit;
  private final MVMap<String, Long> marks;
  private final Shelves shelves;
  private final Keepsakes keepsakes;

  Spool(MVStore store, long limit) {
    this.store = store;
    this.limit = limit;
    marks =
        store.openMap(
            "marks",
            new MVMap.Builder<String, Long>()
                .keyType(StringDataType.INSTANCE)
                .valueType(LongDataType.INSTANCE));
    shelves = new Shelves(store);
    keepsakes = new Keepsakes(store);
  }

  /**
   * Where the spool stands.
   *
   * @param newest the newest offset held of the epoch; 0 when there is none
   * @param oldest the oldest offset held of the epoch; 0 when there is none
   * @param floor up to this offset only PostgreSQL has every event that was not lost
   * @param waiting events that PostgreSQL does not have
   * @param unsent incidents that PostgreSQL does not have as they are
   */
  record State(long newest, long oldest, long floor, long waiting, long bytes, long unsent) {}

  /** What a write did. */
  record Written(State state, long droppedSamples, long droppedFacts) {}

  /** Events that PostgreSQL does not have, oldest first; {@code through} is the last position. */
  record Waiting(List<Recorded> events, long through) {}

  /** Where the sequence goes on: behind the reservation. Empty when the file is new. */
  Optional<Sequence> sequence() {
    Long epoch = marks.get(EPOCH);
    long reserved = mark(RESERVED);
    return Optional.ofNullable(epoch).map(known -> new Sequence(known, reserved, reserved));
  }

  Keepsakes keepsakes() {
    return keepsakes;
  }

  /** Writes, makes room, and commits. */
  Written write(Batch batch) {
    adopt(batch.sequence().epoch());
    for (Recorded event : batch.events()) {
      shelves.put(mark(BASE) + event.offset(), event);
    }
    batch.saves().forEach(keepsakes::save);
    marks.put(RESERVED, batch.sequence().reserved());
    marks.put(WRITTEN, Math.max(mark(WRITTEN), batch.writtenThrough()));
    raiseFloor(Math.min(mark(WRITTEN), shelves.last() - KEPT));
    long samples = shelves.behind(Kind.SAMPLE, mark(WRITTEN));
    long facts = shelves.behind(Kind.FACT, mark(WRITTEN));
    makeRoom();
    samples -= shelves.behind(Kind.SAMPLE, mark(WRITTEN));
    facts -= shelves.behind(Kind.FACT, mark(WRITTEN));
    commit(batch.sync());
    return new Written(state(), samples, facts);
  }

  private void adopt(long epoch) {
    @Nullable Long known = marks.get(EPOCH);
    if (known != null && known == epoch) {
      return;
    }
    long base = Math.max(shelves.last(), mark(WRITTEN));
    marks.put(EPOCH, epoch);
    marks.put(BASE, base);
    marks.put(FLOOR, base);
  }

  private void makeRoom() {
    Optional<Eviction.Step> step = Eviction.next(held(), limit);
    while (step.isPresent()) {
      switch (step.get()) {
        case OLDEST_WRITTEN -> raiseFloor(shelves.first());
        case OLDEST_SAMPLE -> shelves.removeOldest(Kind.SAMPLE, mark(WRITTEN));
        case OLDEST_FACT -> shelves.removeOldest(Kind.FACT, mark(WRITTEN));
      }
      step = Eviction.next(held(), limit);
    }
  }

  private Eviction.Held held() {
    long written = mark(WRITTEN);
    return new Eviction.Held(
        shelves.bytes(),
        shelves.upTo(written),
        shelves.behind(Kind.SAMPLE, written),
        shelves.behind(Kind.FACT, written));
  }

  private void raiseFloor(long position) {
    shelves.removeThrough(position);
    marks.put(FLOOR, Math.max(mark(FLOOR), position));
  }

  /** Puts it into the file, and onto the disk itself. */
  private void commit(boolean sync) {
    store.commit();
    if (sync) {
      store.sync();
    }
  }

  /** Rewrites chunks of which little is still used, so that their room can be used again. */
  void reclaim() {
    store.compact(FULL_ENOUGH_PERCENT, RECLAIM_BYTES);
    commit(true);
  }

  /** Ends well: everything is on the disk. */
  void close() {
    commit(true);
    store.close();
  }

  /** Ends after a failure: what was not committed is gone. */
  void abandon() {
    store.closeImmediately();
  }

  State state() {
    long base = mark(BASE);
    long newest = shelves.last();
    List<Placed> oldest = shelves.from(base + 1, 1, false, all -> true);
    long waiting = 0;
    for (Kind kind : Kind.values()) {
      waiting += shelves.behind(kind, mark(WRITTEN));
    }
    return new State(
        oldest.isEmpty() ? 0 : newest - base,
        oldest.isEmpty() ? 0 : oldest.getFirst().position() - base,
        Math.max(0, mark(FLOOR) - base),
        waiting,
        shelves.bytes(),
        keepsakes.unsent());
  }

  /** Events of the epoch behind an offset, oldest first. */
  List<Recorded> after(long offset, int most) {
    return events(shelves.from(mark(BASE) + offset + 1, most, false, all -> true));
  }

  /** The newest events of the epoch that a reader wants, newest first. */
  List<Recorded> newest(Filter filter, int most) {
    long epoch = mark(EPOCH);
    return events(
        shelves.from(
            Long.MAX_VALUE, most, true, event -> event.epoch() == epoch && filter.matches(event)));
  }

  /** The oldest that PostgreSQL does not have, when it has everything up to a position. */
  Waiting waiting(long writtenThrough, int most) {
    long from = Math.max(mark(WRITTEN), writtenThrough);
    List<Placed> found = shelves.from(from + 1, most, false, all -> true);
    return new Waiting(events(found), found.isEmpty() ? from : found.getLast().position());
  }

  private static List<Recorded> events(List<Placed> placed) {
    return placed.stream().map(Placed::event).toList();
  }

  private long mark(String name) {
    Long value = marks.get(name);
    return value == null ? 0 : value;
  }
}
