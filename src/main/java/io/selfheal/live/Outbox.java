package io.selfheal.live;

import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits for one client, in order. Not safe for threads. */
final class Outbox {
  private final LinkedHashMap<Object, Object> items = new LinkedHashMap<>();
  private @Nullable Gap coalesced;
  private long bytes;

  boolean isEmpty() {
    return items.isEmpty() && coalesced == null;
  }

  /** The sizes of all waiting events. */
  long bytes() {
    return bytes;
  }

  /** Queues an event. A sample takes the place of an older one of its type and subject. */
  void add(Recorded event) {
    Object key = event.sample() ? new SampleKey(event.type(), event.subject()) : event.offset();
    if (items.remove(key) instanceof Recorded older) {
      bytes -= older.json().length;
      giveUp(older.offset());
    }
    put(key, event);
  }

  /** Queues an event that no later one replaces. */
  void keep(Recorded event) {
    put(event.offset(), event);
  }

  void add(Gap gap) {
    items.put(gap, gap);
  }

  private void put(Object key, Recorded event) {
    items.put(key, event);
    bytes += event.json().length;
  }

  private void giveUp(long offset) {
    Gap told = coalesced;
    long from = told == null ? offset : Math.min(told.from(), offset);
    long to = told == null ? offset : Math.max(told.to(), offset);
    coalesced = new Gap(from, to, Gap.Reason.SAMPLES_COALESCED);
  }

  /** Takes what goes next: a gap, or as many events as fit a frame; null when nothing waits. */
  @Nullable Piece next() {
    Gap told = coalesced;
    if (told != null) {
      coalesced = null;
      return told;
    }
    List<Recorded> events = new ArrayList<>();
    long size = 0;
    Iterator<Object> waiting = items.values().iterator();
    while (waiting.hasNext()) {
      Object item = waiting.next();
      if (item instanceof Gap gap) {
        if (events.isEmpty()) {
          waiting.remove();
          return gap;
        }
        break;
      }
      Recorded event = (Recorded) item;
      size += event.json().length;
      if (size > Chunk.BYTES && !events.isEmpty()) {
        break;
      }
      waiting.remove();
      bytes -= event.json().length;
      events.add(event);
    }
    return events.isEmpty() ? null : new Chunk(events);
  }

  private record SampleKey(String type, String subject) {}
}
