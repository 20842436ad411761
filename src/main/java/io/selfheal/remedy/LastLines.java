package io.selfheal.remedy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps the last lines of an output, however long it is. Safe from any thread. */
final class LastLines {
  /** So many are kept. */
  static final int MOST = 100;

  /** A longer line is cut. */
  static final int LONGEST = 1_000;

  private final Deque<String> lines = new ArrayDeque<>();
  private final StringBuilder open = new StringBuilder();
  private long dropped;

  /** Takes in a piece of the output, which need not end with a line. */
  synchronized void add(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      char next = piece.charAt(i);
      if (next == '\n') {
        end();
      } else if (next != '\r' && open.length() < LONGEST) {
        open.append(next);
      }
    }
  }

  private void end() {
    lines.addLast(open.toString());
    open.setLength(0);
    if (lines.size() > MOST) {
      lines.removeFirst();
      dropped++;
    }
  }

  /** What is kept; when lines were dropped, the first says how many. */
  synchronized List<String> kept() {
    if (!open.isEmpty()) {
      end();
    }
    if (dropped == 0) {
      return List.copyOf(lines);
    }
    Deque<String> shown = new ArrayDeque<>(lines);
    shown.removeFirst();
    shown.addFirst("(" + (dropped + 1) + " earlier lines are not kept)");
    return List.copyOf(shown);
  }
}
