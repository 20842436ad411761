package io.selfheal.service;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The kilobyte of one service in the file. Numbers and words lie there twice, each with a sequence
 * and a checksum, and are written in turns: a process that is killed in the middle leaves the other
 * one whole.
 */
final class Cell implements Place {
  static final int BYTES = 1024;

  private static final int LONGS = BYTES / Long.BYTES;
  private static final int NAME = 0;
  private static final int NAME_LONGS = 10;
  private static final int NUMBERS = 16;
  private static final int NUMBERS_LONGS = 24;
  private static final int WORDS = 64;
  private static final int WORDS_LONGS = 32;
  private static final int CHECKSUM = 0;
  private static final int SEQUENCE = 1;
  private static final int BODY = 2;
  private static final int TEXT_BYTES = (WORDS_LONGS - BODY - 1) * Long.BYTES;
  private static final int AUTHOR_BYTES = 64;

  private final StateFile file;
  private final LongBuffer longs;
  private final int base;
  private long sequence;
  private long wordsSequence;
  private @Nullable String reason;
  private @Nullable String author;

  Cell(StateFile file, LongBuffer longs, int index) {
    this.file = file;
    this.longs = longs;
    this.base = index * LONGS;
  }

  /** Whose it is; null when it is nobody's. */
  static @Nullable String name(LongBuffer longs, int index) {
    long[] area = new long[NAME_LONGS];
    longs.get(index * LONGS + NAME, area);
    int length = (int) area[SEQUENCE];
    if (!whole(area) || length < 1 || length > (NAME_LONGS - BODY) * Long.BYTES) {
      return null;
    }
    return new String(bytes(area, BODY, length), StandardCharsets.UTF_8);
  }

  /** Makes it somebody's, with nothing in it. */
  static void name(LongBuffer longs, int index, String name) {
    longs.put(index * LONGS, new long[LONGS]);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long[] area = new long[NAME_LONGS];
    area[SEQUENCE] = bytes.length;
    pack(bytes, area, BODY);
    seal(area);
    longs.put(index * LONGS + NAME, area);
  }

  @Override
  public void write(Guarded service, Moment now) {
    Phase phase = service.phase();
    if (!Objects.equals(phase.reason(), reason) || !Objects.equals(phase.author(), author)) {
      reason = phase.reason();
      author = phase.author();
      writeWords();
    }
    long[] area = file.scratch();
    Saved.write(service, now, area, BODY);
    sequence++;
    area[SEQUENCE] = sequence;
    seal(area);
    longs.put(base + NUMBERS + turn(sequence, NUMBERS_LONGS), area, 0, area.length);
    file.changed();
  }

  private static int turn(long sequence, int length) {
    return (sequence & 1) == 0 ? 0 : length;
  }

  private void writeWords() {
    byte[] who = cut(author, AUTHOR_BYTES);
    byte[] why = cut(reason, TEXT_BYTES - who.length);
    long[] area = new long[WORDS_LONGS];
    wordsSequence++;
    area[SEQUENCE] = wordsSequence;
    area[BODY] = (long) who.length << 32 | why.length;
    byte[] both = Arrays.copyOf(who, who.length + why.length);
    System.arraycopy(why, 0, both, who.length, why.length);
    pack(both, area, BODY + 1);
    seal(area);
    longs.put(base + WORDS + turn(wordsSequence, WORDS_LONGS), area);
  }

  /** Gives a service what an earlier run left of it; false: it had another currency then. */
  boolean restore(Guarded service, Moment now) {
    long[] numbers = newest(NUMBERS, NUMBERS_LONGS, BODY + Saved.SIZE);
    long[] words = newest(WORDS, WORDS_LONGS, WORDS_LONGS);
    if (words != null) {
      wordsSequence = words[SEQUENCE];
      int who = (int) (words[BODY] >>> 32);
      int why = (int) words[BODY];
      byte[] both = bytes(words, BODY + 1, who + why);
      author = who == 0 ? null : new String(both, 0, who, StandardCharsets.UTF_8);
      reason = why == 0 ? null : new String(both, who, why, StandardCharsets.UTF_8);
    }
    if (numbers == null) {
      return true;
    }
    sequence = numbers[SEQUENCE];
    return Saved.restore(service, numbers, BODY, reason, author, now);
  }

  /** Whether something was written, and neither of the two can be read. */
  boolean damaged() {
    long[] both = new long[2 * NUMBERS_LONGS];
    longs.get(base + NUMBERS, both);
    // With one of them empty still, the other is a first write that was cut off.
    boolean twice = both[SEQUENCE] != 0 && both[NUMBERS_LONGS + SEQUENCE] != 0;
    return twice && newest(NUMBERS, NUMBERS_LONGS, BODY + Saved.SIZE) == null;
  }

  private long @Nullable [] newest(int at, int apart, int length) {
    long[] first = new long[length];
    long[] second = new long[length];
    longs.get(base + at, first);
    longs.get(base + at + apart, second);
    boolean useFirst = whole(first) && (!whole(second) || first[SEQUENCE] > second[SEQUENCE]);
    return useFirst ? first : whole(second) ? second : null;
  }

  private static void seal(long[] area) {
    area[CHECKSUM] = checksum(area);
  }

  private static boolean whole(long[] area) {
    return area[CHECKSUM] == checksum(area);
  }

  /** Never 0, so that an empty area is not whole. */
  private static long checksum(long[] area) {
    long sum = 0x9E37_79B9_7F4A_7C15L;
    for (int i = 1; i < area.length; i++) {
      sum = (sum ^ area[i]) * 0xBF58_476D_1CE4_E5B9L;
      sum ^= sum >>> 29;
    }
    return sum == 0 ? 1 : sum;
  }

  private static void pack(byte[] bytes, long[] into, int from) {
    ByteBuffer whole = ByteBuffer.allocate((into.length - from) * Long.BYTES);
    whole.order(ByteOrder.LITTLE_ENDIAN).put(bytes).rewind();
    whole.asLongBuffer().get(into, from, into.length - from);
  }

  private static byte[] bytes(long[] area, int from, int length) {
    ByteBuffer whole = ByteBuffer.allocate((area.length - from) * Long.BYTES);
    whole.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(area, from, area.length - from);
    byte[] bytes = new byte[length];
    whole.get(bytes);
    return bytes;
  }

  /** At most so many bytes, and no half character. */
  private static byte[] cut(@Nullable String text, int most) {
    if (text == null) {
      return new byte[0];
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = Math.min(bytes.length, most);
    while (end < bytes.length && end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
