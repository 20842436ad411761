package io.selfheal.symptom;

import io.selfheal.message.HostSample.Pressure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where a process's control group of cgroup v2 says its pressure. The kernel keeps it for every
 * group but the root, also where the controllers are those of cgroup v1 (a hybrid host).
 *
 * @param root the group that is seen at the mount
 * @param mount where cgroup v2 is mounted
 */
record GroupPressure(String root, Path mount) {
  /**
   * That of this machine.
   *
   * @throws IOException when cgroup v2 is not mounted
   */
  static GroupPressure ofThisMachine() throws IOException {
    return parse(Files.readString(Path.of("/proc/self/mountinfo")));
  }

  /** Reads /proc/self/mountinfo, see proc_pid_mountinfo(5). */
  static GroupPressure parse(String mounts) throws IOException {
    for (String line : mounts.lines().toList()) {
      String[] fields = line.split(" ", -1);
      int middle = line.indexOf(" - cgroup2 ");
      if (middle > 0 && fields.length > 5 && !fields[4].contains("\\")) {
        return new GroupPressure(fields[3], Path.of(fields[4]));
      }
    }
    throw new IOException("cgroup v2 is not mounted, and cgroup v1 keeps no pressure of a group");
  }

  /**
   * A group.
   *
   * @param file where it says its pressure of memory
   * @param made tells it from a later one of the same name
   */
  record Group(Path file, long made) {}

  /** The group that a process is in. */
  Group group(long pid) throws IOException {
    Path file = Path.of("/proc", Long.toString(pid), "cgroup");
    try {
      Path pressure = memory(Files.readString(file));
      // The kernel numbers groups as it makes them, and uses no number twice.
      Object number = Files.getAttribute(pressure.resolveSibling(""), "unix:ino");
      return new Group(pressure, number instanceof Long made ? made : 0);
    } catch (NoSuchFileException gone) {
      throw new IOException("the process has ended", gone);
    }
  }

  /** The file of the group that {@code /proc/PID/cgroup} names. */
  Path memory(String membership) throws IOException {
    String group =
        membership
            .lines()
            .filter(line -> line.startsWith("0::"))
            .map(line -> line.substring(3))
            .findFirst()
            .orElseThrow(() -> new IOException("it is in no group of cgroup v2"));
    String above = root.equals("/") ? "" : root;
    boolean below = group.equals(above) || group.startsWith(above + "/");
    String rest = below ? group.substring(above.length()).replaceFirst("^/+", "") : "";
    if (!below || group.contains("/..")) {
      throw new IOException("its group " + group + " is not seen from here");
    }
    if (rest.isEmpty() && above.isEmpty()) {
      throw new IOException(
          "it is in no control group of its own; leave out where.worker to watch the host");
    }
    return mount.resolve(rest).resolve("memory.pressure");
  }

  /** Reads such a file. */
  static Pressure read(Path file) throws IOException {
    return parse(file, new String(Files.readAllBytes(file), StandardCharsets.US_ASCII));
  }

  /** Reads {@code some avg10=0.86 avg60=1.22 …} and {@code full …}; shares are in per cent. */
  static Pressure parse(Path file, String text) throws IOException {
    double[] some = line(file, text, "some");
    double[] full = line(file, text, "full");
    return new Pressure("memory", some[0], some[1], full[0], full[1]);
  }

  private static double[] line(Path file, String text, String kind) throws IOException {
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length > 2
          && words[0].equals(kind)
          && words[1].matches("avg10=\\d+\\.\\d+")
          && words[2].matches("avg60=\\d+\\.\\d+")) {
        return new double[] {
          Double.parseDouble(words[1].substring(6)) / 100,
          Double.parseDouble(words[2].substring(6)) / 100
        };
      }
    }
    throw new IOException(file + " has no line \"" + kind + " avg10=… avg60=…\"");
  }
}
