package io.selfheal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many processes the kernel has killed for memory on the whole host since it was booted. It
 * tells where the count of a control group cannot: systemd removes the group of a service as soon
 * as its last process is gone, and the count goes with it.
 */
final class HostKills {
  static final Path FILE = Path.of("/proc/vmstat");

  private static final String NAME = "oom_kill ";

  private HostKills() {}

  /** The count now; -1 when it is not known. */
  static long now() {
    try {
      return of(Files.readString(FILE));
    } catch (IOException unreadable) {
      return -1;
    }
  }

  /** The count in such a file; -1 before Linux 4.13, which has none. Pure. */
  static long of(String text) {
    return text.lines()
        .filter(line -> line.startsWith(NAME))
        .findFirst()
        .map(line -> Long.parseLong(line.substring(NAME.length()).strip()))
        .orElse(-1L);
  }
}
