package io.selfheal.remedy;

import io.selfheal.file.Found;
import io.selfheal.file.OpenFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files go. Pure.
 *
 * @param go oldest first
 * @param bytes of those that go
 * @param need so many bytes should go
 * @param open files that are kept because a process has them open
 * @param young files that are kept because they are too young
 * @param notes why single files are kept
 */
record Clearing(List<Found> go, long bytes, long need, int open, int young, List<String> notes) {
  /** Copies the lists. */
  Clearing {
    go = List.copyOf(go);
    notes = List.copyOf(notes);
  }

  /**
   * Chooses.
   *
   * @param oldest the files, in the order in which they may go
   * @param need so many bytes should go
   * @param youngest only what was modified before may go
   */
  static Clearing plan(List<Found> oldest, long need, Instant youngest, OpenFiles held) {
    List<Found> go = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    long bytes = 0;
    int open = 0;
    int young = 0;
    for (Found file : oldest) {
      if (bytes >= need) {
        break;
      }
      if (!file.modified().isBefore(youngest)) {
        young++;
      } else if (held.holder(file.id()).isPresent()) {
        open++;
        notes.add("kept: " + file.path() + " is open by process " + held.holders().get(file.id()));
      } else {
        go.add(file);
        bytes += file.bytes();
      }
    }
    return new Clearing(go, bytes, need, open, young, notes);
  }

  /** Whether what goes is as much as should. */
  boolean enough() {
    return bytes >= need;
  }

  /** What is kept of what is old enough to be looked at. */
  String kept() {
    List<String> kept = new ArrayList<>();
    if (open > 0) {
      kept.add(open + " open by a process");
    }
    if (young > 0) {
      kept.add(young + " younger than min_age");
    }
    return kept.isEmpty() ? "" : "; kept: " + String.join(", ", kept);
  }
}
