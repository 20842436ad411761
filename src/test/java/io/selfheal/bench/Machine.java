package io.selfheal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Says what was measured on, and how busy that was already. */
final class Machine {
  private Machine() {}

  static void print(PrintStream out, String what) throws IOException {
    out.println("== " + what);
    out.printf(
        "machine: %d cores (%s), %.1f GiB, Linux %s, JDK %s%n",
        Runtime.getRuntime().availableProcessors(),
        field("/proc/cpuinfo", "model name"),
        kibibytes("/proc/meminfo", "MemTotal") / 1048576.0,
        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
        Runtime.version());
    out.println("load average at begin: " + load());
  }

  static String load() throws IOException {
    List<String> fields = List.of(Files.readString(Path.of("/proc/loadavg")).split(" ", -1));
    return String.join(" ", fields.subList(0, 3));
  }

  /** A field of a file of {@code NAME: VALUE} lines; a dash when it is not there. */
  static String field(String file, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "-";
  }

  /** A field in kB; 0 when it is not there. */
  static long kibibytes(String file, String name) throws IOException {
    String value = field(file, name);
    return value.endsWith(" kB") ? Long.parseLong(value.substring(0, value.length() - 3)) : 0;
  }
}
