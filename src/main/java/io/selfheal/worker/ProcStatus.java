package io.selfheal.worker;

import java.util.Arrays;
import java.util.List;

/**
 * What {@code /proc/PID/status} says of pid namespaces, see proc_pid_status(5). Pure.
 *
 * @param namespacePids the pid in the agent's namespace, then in each below it; empty before Linux
 *     4.1
 */
record ProcStatus(List<Long> namespacePids) {
  static ProcStatus parse(String text) {
    for (String line : text.lines().toList()) {
      if (line.startsWith("NSpid:")) {
        return new ProcStatus(
            Arrays.stream(line.substring("NSpid:".length()).strip().split("\\s+", -1))
                .filter(part -> part.matches("\\d{1,10}"))
                .map(Long::valueOf)
                .toList());
      }
    }
    return new ProcStatus(List.of());
  }

  /** Whether the line of pids was read to its end. */
  static boolean whole(String text) {
    int line = text.indexOf("\nNSpid:");
    return line >= 0 && text.indexOf('\n', line + 1) >= 0;
  }

  /** Whether it calls itself by another pid than the agent does. */
  boolean walled() {
    return namespacePids.size() > 1;
  }

  /** The pid by which it knows itself, and writes into rows. */
  long ownPid(long fallback) {
    return namespacePids.isEmpty() ? fallback : namespacePids.getLast();
  }
}
