package io.selfheal.cli;

/**
 * What {@code doctor} found of one part.
 *
 * @param part what was looked at
 * @param what what was seen, in words for an operator
 * @param mend what to do about it; empty when nothing is to be done
 */
public record Finding(Level level, String part, String what, String mend) {
  /** How bad it is. */
  public enum Level {
    OK,
    /** It works, and could be better, or cannot be judged now. */
    WARN,
    FAIL
  }

  /** All is well. */
  public static Finding ok(String part, String what) {
    return new Finding(Level.OK, part, what, "");
  }

  /** It works, and could be better. */
  public static Finding warn(String part, String what, String mend) {
    return new Finding(Level.WARN, part, what, mend);
  }

  /** It does not work. */
  public static Finding fail(String part, String what, String mend) {
    return new Finding(Level.FAIL, part, what, mend);
  }
}
