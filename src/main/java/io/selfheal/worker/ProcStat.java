package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code /proc/PID/stat}, see proc_pid_stat(5). Pure.
 *
 * @param name the file name of the program, at most 15 characters; it may hold anything
 * @param state R, S, D, T (stopped by a signal), t (by a debugger), Z, X
 * @param parent the parent's pid
 * @param session the pid of the session's leader
 * @param cpuTicks user and system time
 * @param threads threads
 * @param startTicks from boot to start
 * @param rssPages resident memory
 * @param exitStatus as wait(2) gives it, of a zombie; 0 when the agent may not look
 * @param childFaults page faults of children that ended and were waited for: 0 means that it had
 *     none
 */
record ProcStat(
    long pid,
    String name,
    char state,
    long parent,
    long session,
    long cpuTicks,
    int threads,
    long startTicks,
    long rssPages,
    int exitStatus,
    long childFaults) {
  /** A process that never had a child. */
  ProcStat(
      long pid,
      String name,
      char state,
      long parent,
      long session,
      long cpuTicks,
      int threads,
      long startTicks,
      long rssPages,
      int exitStatus) {
    this(pid, name, state, parent, session, cpuTicks, threads, startTicks, rssPages, exitStatus, 0);
  }

  /** Empty when the text is not of that form. */
  static Optional<ProcStat> parse(byte[] text, int length) {
    return parse(new String(text, 0, length, StandardCharsets.ISO_8859_1));
  }

  /**
   * Empty when the text is not of that form. The name stands in parentheses and may itself hold
   * spaces and parentheses, so the fields are counted from the last one.
   */
  static Optional<ProcStat> parse(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 2 || close < open || close + 2 >= text.length()) {
      return Optional.empty();
    }
    String[] fields = text.substring(close + 2).strip().split(" ");
    if (fields.length < 22 || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcStat(
              Long.parseLong(text.substring(0, open - 1)),
              text.substring(open + 1, close),
              fields[0].charAt(0),
              number(fields, 4),
              number(fields, 6),
              number(fields, 14) + number(fields, 15),
              (int) number(fields, 20),
              number(fields, 22),
              number(fields, 24),
              fields.length > 49 ? (int) number(fields, 52) : 0,
              number(fields, 11)));
    } catch (NumberFormatException notOfThatForm) {
      return Optional.empty();
    }
  }

  /** A field by its number in the manual; the third is the first behind the name. */
  private static long number(String[] fields, int field) {
    return Long.parseLong(fields[field - 3]);
  }

  /**
   * Whether it has ended and only waits to be reaped. A leader that ended before its other threads
   * is shown as Z too, but the process lives on.
   */
  boolean ended() {
    return (state == 'Z' && threads <= 1) || state == 'X' || state == 'x';
  }

  /** Whether a signal stopped it. A debugger's stop is shown as t. */
  boolean frozen() {
    return state == 'T';
  }

  ProcessIdentity identity(String bootId) {
    return new ProcessIdentity(bootId, pid, startTicks);
  }
}
