package io.selfheal.bench;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Counts what one client gets. Read on an event loop, asked from outside when that is quiet. */
final class FeedClient {
  private static final String OFFSET = "\"offset\":";
  private static final String SENT = "\"sent\":";

  private long[] latencies = new long[1 << 12];
  private int events;
  private long frames;
  private long wrong;
  private volatile long newest;

  void read(String frame) {
    if (!frame.startsWith("{\"batch\"")) {
      if (frame.startsWith("{\"gap\"")) {
        wrong++;
      }
      return;
    }
    long now = System.nanoTime();
    frames++;
    int at = frame.indexOf(OFFSET);
    while (at >= 0) {
      long offset = number(frame, at + OFFSET.length());
      int sent = frame.indexOf(SENT, at);
      note(offset, (now - number(frame, sent + SENT.length())) / 1_000);
      at = frame.indexOf(OFFSET, sent);
    }
  }

  private void note(long offset, long micros) {
    if (newest != 0 && offset != newest + 1) {
      wrong++;
    }
    if (events == latencies.length) {
      latencies = Arrays.copyOf(latencies, 2 * events);
    }
    latencies[events++] = micros;
    newest = offset;
  }

  private static long number(String text, int start) {
    int end = start;
    while (Character.isDigit(text.charAt(end))) {
      end++;
    }
    return Long.parseLong(text, start, end, 10);
  }

  /** Forgets the warm-up. */
  void forget() {
    events = 0;
    frames = 0;
    wrong = 0;
  }

  long newest() {
    return newest;
  }

  long events() {
    return events;
  }

  long frames() {
    return frames;
  }

  long wrong() {
    return wrong;
  }

  LongStream latencies() {
    return Arrays.stream(latencies, 0, events);
  }
}
