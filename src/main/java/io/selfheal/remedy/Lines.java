package io.selfheal.remedy;

import java.util.ArrayList;
import java.util.List;

/** What an act did file by file: the first lines of it, and of the rest how much it was. */
final class Lines {
  /** An answer has at most 100 lines; some are for what was left alone. */
  private static final int FILES = 80;

  private static final int NOTES = 19;

  private final List<String> files = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long more;
  private long moreBytes;

  /** One file, with its exact size in the text. */
  void file(String text, long bytes) {
    if (files.size() < FILES) {
      files.add(text);
      return;
    }
    more++;
    moreBytes += bytes;
  }

  /** Something that an operator should know; beyond nineteen they are dropped. */
  void note(String text) {
    if (notes.size() < NOTES) {
      notes.add(text);
    }
  }

  void notes(List<String> all) {
    all.forEach(this::note);
  }

  List<String> all() {
    List<String> all = new ArrayList<>(files);
    if (more > 0) {
      all.add("and " + Sizes.files(more) + " more, " + moreBytes + " bytes");
    }
    all.addAll(notes);
    return all;
  }
}
