package io.selfheal.worker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * The path in one hierarchy.
   *
   * @param controller of cgroup v1; null for cgroup v2, whose line is {@code 0::path}
   */
  static Optional<String> path(String text, @Nullable String controller) {
    return text.lines()
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .filter(
            fields ->
                controller == null
                    ? fields[0].equals("0") && fields[1].isEmpty()
                    : List.of(fields[1].split(",", -1)).contains(controller))
        .map(fields -> fields[2])
        .findFirst();
  }

  /**
   * How many processes the kernel has killed for memory: {@code oom_kill N} in memory.events of
   * cgroup v2 or memory.oom_control of v1. -1 when the text does not say.
   */
  static long oomKills(String text) {
    return text.lines()
        .filter(line -> line.matches("oom_kill \\d{1,18}"))
        .map(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .findFirst()
        .orElse(-1L);
  }

  /** What freezer.state of cgroup v1, or cgroup.events of v2 says. */
  static boolean frozen(String text) {
    return text.strip().equals("FROZEN") || text.lines().anyMatch("frozen 1"::equals);
  }

  private static String path(String line) {
    return line.split(":", 3)[2];
  }

  /** Whether one of the paths is the unit's own. */
  static boolean of(List<String> paths, String unit) {
    return paths.stream().anyMatch(path -> path.endsWith("/" + unit));
  }
}
