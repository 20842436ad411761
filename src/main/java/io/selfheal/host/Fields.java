package io.selfheal.host;

import java.nio.charset.StandardCharsets;

/** Walks through the words of a text of lines, in place. */
final class Fields {
  private byte[] text = new byte[0];
  private int length;
  private int at;

  static Fields of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Fields().reset(bytes, bytes.length);
  }

  /** Starts over on another text. */
  Fields reset(byte[] bytes, int count) {
    text = bytes;
    length = count;
    at = 0;
    return this;
  }

  /** Whether a line begins here; at the end of the text there is none. */
  boolean hasLine() {
    return at < length;
  }

  /** Goes behind the end of this line. */
  void nextLine() {
    while (at < length && text[at] != '\n') {
      at++;
    }
    at++;
  }

  /** The next word of this line, up to a blank or {@code stop}, which is skipped too. */
  String word(char stop) {
    blanks();
    int start = at;
    while (at < length && !blank(text[at]) && text[at] != stop && text[at] != '\n') {
      at++;
    }
    String word = new String(text, start, at - start, StandardCharsets.UTF_8);
    if (at < length && text[at] == stop) {
      at++;
    }
    return word;
  }

  /** Leaves out some words of this line. */
  void skip(int words) {
    for (int i = 0; i < words; i++) {
      blanks();
      while (at < length && !blank(text[at]) && text[at] != '\n') {
        at++;
      }
    }
  }

  /**
   * The next word of this line as a whole number; unsigned 64-bit values wrap as in the kernel.
   *
   * @throws IllegalStateException when there is none
   */
  long number() {
    blanks();
    int start = at;
    long value = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + (text[at] - '0');
      at++;
    }
    if (at == start) {
      throw new IllegalStateException("a number is missing at byte " + at);
    }
    return value;
  }

  /** What is left of this line. */
  String rest() {
    int start = at;
    while (at < length && text[at] != '\n') {
      at++;
    }
    return new String(text, start, at - start, StandardCharsets.UTF_8);
  }

  private void blanks() {
    while (at < length && blank(text[at])) {
      at++;
    }
  }

  private static boolean blank(byte one) {
    return one == ' ' || one == '\t';
  }
}
