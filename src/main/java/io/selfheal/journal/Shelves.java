package io.selfheal.journal;

import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 * Events by position, one map for each kind: so the oldest sample among a million is found at once,
 * and how many wait behind a position is known without counting.
 */
final class Shelves {
  private final Map<Kind, MVMap<Long, Recorded>> maps = new EnumMap<>(Kind.class);
  private long bytes;

  /** Reads every event once: it sums the bytes, and a damaged page shows now. */
  Shelves(MVStore store) {
    for (Kind kind : Kind.values()) {
      MVMap<Long, Recorded> map =
          store.openMap(
              "events." + kind,
              new MVMap.Builder<Long, Recorded>()
                  .keyType(LongDataType.INSTANCE)
                  .valueType(new RecordedType()));
      maps.put(kind, map);
      map.values().forEach(event -> bytes += RecordedType.size(event));
    }
  }

  /** An event with its position. */
  record Placed(long position, Recorded event) {}

  void put(long position, Recorded event) {
    remove(map(Kind.of(event)), position);
    map(Kind.of(event)).put(position, event);
    bytes += RecordedType.size(event);
  }

  long bytes() {
    return bytes;
  }

  /** How many of a kind lie behind a position. */
  long behind(Kind kind, long position) {
    MVMap<Long, Recorded> map = map(kind);
    return map.sizeAsLong() - upTo(map, position);
  }

  /** How many lie at or before a position. */
  long upTo(long position) {
    return maps.values().stream().mapToLong(map -> upTo(map, position)).sum();
  }

  private static long upTo(MVMap<Long, Recorded> map, long position) {
    long index = map.getKeyIndex(position);
    return index >= 0 ? index + 1 : -index - 1;
  }

  /** The oldest position; 0 when there is none. */
  long first() {
    return ends(maps.values().stream().map(MVMap::firstKey).toList(), false);
  }

  /** The newest position; 0 when there is none. */
  long last() {
    return ends(maps.values().stream().map(MVMap::lastKey).toList(), true);
  }

  private static long ends(Collection<@Nullable Long> keys, boolean last) {
    Comparator<Long> order = Comparator.naturalOrder();
    return keys.stream().filter(Objects::nonNull).min(last ? order.reversed() : order).orElse(0L);
  }

  /** Events from a position on, oldest first; or from it back, newest first. */
  List<Placed> from(long position, int most, boolean back, Predicate<Recorded> wanted) {
    List<Cursor<Long, Recorded>> cursors = new ArrayList<>();
    maps.values().forEach(map -> cursors.add(map.cursor(position, null, back)));
    List<@Nullable Placed> heads = new ArrayList<>();
    cursors.forEach(cursor -> heads.add(next(cursor)));
    List<Placed> merged = new ArrayList<>();
    while (merged.size() < most) {
      int pick = -1;
      for (int i = 0; i < heads.size(); i++) {
        Placed head = heads.get(i);
        Placed best = pick < 0 ? null : heads.get(pick);
        if (head != null && (best == null || back == head.position > best.position)) {
          pick = i;
        }
      }
      if (pick < 0) {
        return merged;
      }
      Placed picked = Objects.requireNonNull(heads.get(pick));
      if (wanted.test(picked.event)) {
        merged.add(picked);
      }
      heads.set(pick, next(cursors.get(pick)));
    }
    return merged;
  }

  private static @Nullable Placed next(Cursor<Long, Recorded> cursor) {
    return cursor.hasNext() ? new Placed(cursor.next(), cursor.getValue()) : null;
  }

  /** Removes everything at or before a position. */
  void removeThrough(long position) {
    for (MVMap<Long, Recorded> map : maps.values()) {
      Long first = map.firstKey();
      while (first != null && first <= position) {
        remove(map, first);
        first = map.firstKey();
      }
    }
  }

  /** Removes the oldest of a kind behind a position. */
  void removeOldest(Kind kind, long behind) {
    MVMap<Long, Recorded> map = map(kind);
    Optional.ofNullable(map.higherKey(behind)).ifPresent(key -> remove(map, key));
  }

  private void remove(MVMap<Long, Recorded> map, Long position) {
    Recorded event = map.remove(position);
    if (event != null) {
      bytes -= RecordedType.size(event);
    }
  }

  private MVMap<Long, Recorded> map(Kind kind) {
    return Objects.requireNonNull(maps.get(kind));
  }
}
