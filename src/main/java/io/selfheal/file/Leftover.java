package io.selfheal.file;

import java.nio.file.Path;

/**
 * Names of files that the agent makes beside others for a moment. They come from what the act is
 * for, so that a later run finds what an earlier one left.
 */
public final class Leftover {
  private static final int LONGEST = 50;

  private Leftover() {}

  /** What such a file is. */
  public enum Kind {
    /** Not complete: nothing is lost with it. */
    PART,
    /** The only name of a file that is about to go. */
    ASIDE,
    /** A broken file that was replaced. */
    BROKEN
  }

  /**
   * A name.
   *
   * @param of the file that it is beside
   * @param act identifies the act
   */
  public static Path name(Path of, String act, Kind kind) {
    String text = of.toString();
    String begin = text.substring(0, Math.min(LONGEST, text.length()));
    String end = act.substring(Math.max(0, act.length() - 12));
    return Path.of("." + begin + "." + end + suffix(kind));
  }

  private static String suffix(Kind kind) {
    return switch (kind) {
      case PART -> ".selfheal-part";
      case ASIDE -> ".selfheal-aside";
      case BROKEN -> ".selfheal-broken";
    };
  }

  /** Whether it is one. */
  static boolean is(Path name) {
    String text = name.toString();
    for (Kind kind : Kind.values()) {
      if (text.endsWith(suffix(kind))) {
        return true;
      }
    }
    return false;
  }
}
