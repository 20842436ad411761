package io.selfheal.worker;

import io.selfheal.message.WorkerEvent.End;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Sentences' parts for operators. Pure. */
final class Words {
  /** HUP, INT and TERM. */
  private static final List<Integer> ASKED = List.of(1, 2, 15);

  private Words() {}

  /** 0.4 s, 12 s, 3 min, 5 h, 4 d. */
  static String of(Duration duration) {
    double seconds = Math.max(0, duration.toMillis() / 1000.0);
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 180) {
      return Math.round(seconds) + " s";
    }
    if (seconds < 3 * 3600) {
      return Math.round(seconds / 60) + " min";
    }
    return seconds < 48 * 3600
        ? Math.round(seconds / 3600) + " h"
        : Math.round(seconds / 86400) + " d";
  }

  /** What wait(2) says of an end; empty when nothing is known. */
  static String ended(int waitStatus) {
    int signal = waitStatus & 0x7f;
    if (signal != 0) {
      return " by signal " + signal + signalName(signal);
    }
    return waitStatus == 0 ? "" : " with exit status " + (waitStatus >> 8 & 0xff);
  }

  /**
   * How an end is to be taken. A program that handles TERM may end with 128 + 15, as a shell does.
   *
   * @param status of wait(2); empty when it is not known
   */
  static End end(OptionalInt status, boolean memory) {
    if (memory) {
      return End.CRASHED;
    }
    if (status.isEmpty()) {
      return End.UNKNOWN;
    }
    int signal = status.getAsInt() & 0x7f;
    int code = status.getAsInt() >> 8 & 0xff;
    boolean asked = ASKED.contains(signal) || (signal == 0 && ASKED.contains(code - 128));
    return asked || status.getAsInt() == 0 ? End.ORDERLY : End.CRASHED;
  }

  /**
   * The status of wait(2) for what {@link Process#exitValue()} gives: 128 + signal, or the code.
   */
  static int waitStatus(int exitValue) {
    return exitValue > 128 && exitValue <= 192 ? exitValue - 128 : exitValue << 8;
  }

  private static String signalName(int signal) {
    return switch (signal) {
      case 1 -> " (HUP)";
      case 2 -> " (INT)";
      case 3 -> " (QUIT)";
      case 4 -> " (ILL)";
      case 6 -> " (ABRT)";
      case 7 -> " (BUS)";
      case 8 -> " (FPE)";
      case 9 -> " (KILL)";
      case 11 -> " (SEGV)";
      case 13 -> " (PIPE)";
      case 15 -> " (TERM)";
      default -> "";
    };
  }
}
