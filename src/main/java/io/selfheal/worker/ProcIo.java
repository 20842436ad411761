package io.selfheal.worker;

import java.util.Optional;

/**
 * What {@code /proc/PID/io} says of storage, see proc_pid_io(5). Pure.
 *
 * @param readBytes fetched from storage since the start
 * @param writeBytes sent to storage since the start
 */
record ProcIo(long readBytes, long writeBytes) {
  /** Empty when the text is not of that form. */
  static Optional<ProcIo> parse(String text) {
    long read = -1;
    long write = -1;
    for (String line : text.lines().toList()) {
      if (line.startsWith("read_bytes: ")) {
        read = number(line);
      } else if (line.startsWith("write_bytes: ")) {
        write = number(line);
      }
    }
    return read < 0 || write < 0 ? Optional.empty() : Optional.of(new ProcIo(read, write));
  }

  private static long number(String line) {
    try {
      return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
    } catch (NumberFormatException notOfThatForm) {
      return -1;
    }
  }
}
