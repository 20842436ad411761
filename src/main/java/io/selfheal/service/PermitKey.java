package io.selfheal.service;

import org.jspecify.annotations.Nullable;

/**
 * A permit as one number inside, and as a word outside: the run of the agent, the service, the
 * place and the sequence. What belongs to it (the epoch of the breaker, whether it is a probe, when
 * it lapses, what is reserved) lies at its place, where nobody can change it.
 *
 * @param run of the agent that gave it
 * @param service its index
 * @param key place and sequence
 */
record PermitKey(int run, int service, long key) {
  private static final int PLACE_BITS = 14;
  private static final int LENGTH = 32;
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /** Above 0. */
  static long of(int place, long sequence) {
    return sequence << PLACE_BITS | place;
  }

  static int place(long key) {
    return (int) (key & ((1 << PLACE_BITS) - 1));
  }

  static long sequence(long key) {
    return key >>> PLACE_BITS;
  }

  /** 32 digits. */
  @SuppressWarnings("deprecation") // Latin digits need no decoder: ten times as fast
  static String text(int run, int service, long key) {
    byte[] text = new byte[LENGTH];
    write(text, 0, 8, run);
    write(text, 8, 8, service);
    write(text, 16, 16, key);
    return new String(text, 0, 0, LENGTH);
  }

  private static void write(byte[] text, int from, int count, long value) {
    long left = value;
    for (int at = from + count - 1; at >= from; at--) {
      text[at] = DIGITS[(int) (left & 15)];
      left >>>= 4;
    }
  }

  /** Null when it is not one. */
  static @Nullable PermitKey parse(String text) {
    if (text.length() != LENGTH) {
      return null;
    }
    long high = read(text, 0);
    long low = read(text, 16);
    boolean hexadecimal = valid(text);
    return hexadecimal && low > 0 ? new PermitKey((int) (high >>> 32), (int) high, low) : null;
  }

  private static boolean valid(String text) {
    for (int at = 0; at < LENGTH; at++) {
      char digit = text.charAt(at);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static long read(String text, int from) {
    long value = 0;
    for (int at = from; at < from + 16; at++) {
      char digit = text.charAt(at);
      value = value << 4 | ((digit <= '9' ? digit - '0' : digit - 'a' + 10) & 15);
    }
    return value;
  }
}
