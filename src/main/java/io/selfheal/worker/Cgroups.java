package io.selfheal.worker;

import java.util.List;

/** {@code /proc/PID/cgroup}, see cgroups(7): lines of {@code hierarchy:controllers:path}. Pure. */
final class Cgroups {
  private Cgroups() {}

  /** The distinct paths. */
  static List<String> parse(String text) {
    return text.lines()
        .filter(line -> line.split(":", 3).length == 3)
        .map(Cgroups::path)
        .distinct()
        .toList();
  }

  private static String path(String line) {
    return line.split(":", 3)[2];
  }

  /** Whether one of the paths is the unit's own. */
  static boolean of(List<String> paths, String unit) {
    return paths.stream().anyMatch(path -> path.endsWith("/" + unit));
  }
}
