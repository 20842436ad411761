package io.selfheal.live;

import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that go out in one frame, written once and shared by all who get them. */
final class Chunk implements Piece {
  /** Below the frame limit of Vert.x (64 KiB), so that a batch is one frame. */
  static final int BYTES = 48 * 1024;

  private final List<Recorded> events;
  private @Nullable List<String> batch;
  private @Nullable List<String> singles;

  Chunk(List<Recorded> events) {
    this.events = List.copyOf(events);
  }

  /** Cuts events into chunks of at most {@link #BYTES}, or of one event. */
  static List<Chunk> cut(List<Recorded> events) {
    List<Chunk> chunks = new ArrayList<>();
    int start = 0;
    long bytes = 0;
    for (int i = 0; i < events.size(); i++) {
      bytes += events.get(i).json().length;
      if (bytes > BYTES && i > start) {
        chunks.add(new Chunk(events.subList(start, i)));
        start = i;
        bytes = events.get(i).json().length;
      }
    }
    if (start < events.size()) {
      chunks.add(new Chunk(events.subList(start, events.size())));
    }
    return chunks;
  }

  List<Recorded> events() {
    return events;
  }

  long from() {
    return events.getFirst().offset();
  }

  /** The texts to send: one batch, or each event by itself for a plain client. */
  List<String> frames(boolean plain) {
    if (plain) {
      List<String> texts = singles;
      if (texts == null) {
        texts = events.stream().map(Frames::single).toList();
        singles = texts;
      }
      return texts;
    }
    List<String> texts = batch;
    if (texts == null) {
      texts = List.of(Frames.batch(events));
      batch = texts;
    }
    return texts;
  }
}
