package io.selfheal.symptom;

import io.selfheal.message.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** How many files a process may open: the soft RLIMIT_NOFILE in /proc/PID/limits. */
final class OpenFileLimit {
  private static final String LINE = "Max open files";

  private OpenFileLimit() {}

  /** Empty when the process is no more, is another one, may not be looked at, or has no limit. */
  static OptionalDouble of(ProcessIdentity process) {
    Path directory = Path.of("/proc", Long.toString(process.pid()));
    try {
      String limits = Files.readString(directory.resolve("limits"));
      // Read after the limits: so they were those of this process, and not of a later one.
      boolean same =
          startTicks(Files.readString(directory.resolve("stat"))) == process.startTicks();
      return same ? parse(limits) : OptionalDouble.empty();
    } catch (IOException goneOrNotAllowed) {
      return OptionalDouble.empty();
    }
  }

  /** Field 22; the name in brackets before it may hold spaces and brackets. */
  static long startTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > 19 && fields[19].matches("\\d{1,18}") ? Long.parseLong(fields[19]) : -1;
  }

  /** Reads lines of {@code name soft hard unit}. */
  static OptionalDouble parse(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(LINE))
        .map(line -> line.substring(LINE.length()).strip().split(" +", -1)[0])
        .filter(soft -> soft.matches("\\d{1,18}"))
        .mapToDouble(Double::parseDouble)
        .findFirst();
  }
}
