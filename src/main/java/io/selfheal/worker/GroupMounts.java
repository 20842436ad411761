package io.selfheal.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the hierarchies of control groups are mounted, from {@code /proc/self/mountinfo}. Pure.
 *
 * @param unified that of cgroup v2; null when there is none
 * @param controllers those of cgroup v1, by controller
 */
record GroupMounts(@Nullable Mount unified, Map<String, Mount> controllers) {
  /** None. */
  static final GroupMounts NONE = new GroupMounts(null, Map.of());

  /**
   * One mount.
   *
   * @param root the group that is seen at its point
   */
  record Mount(String root, Path point) {}

  /**
   * Reads lines of {@code id parent device root point options [more] - type source options}, see
   * proc_pid_mountinfo(5).
   */
  static GroupMounts parse(String text) {
    Mount unified = null;
    Map<String, Mount> controllers = new HashMap<>();
    for (String line : text.lines().toList()) {
      int middle = line.indexOf(" - ");
      String[] front = middle < 0 ? new String[0] : line.substring(0, middle).split(" ", -1);
      String[] back = middle < 0 ? new String[0] : line.substring(middle + 3).split(" ", -1);
      if (front.length < 6 || back.length < 3 || front[4].contains("\\")) {
        continue;
      }
      Mount mount = new Mount(front[3], Path.of(front[4]));
      if (back[0].equals("cgroup2")) {
        unified = unified == null ? mount : unified;
      } else if (back[0].equals("cgroup")) {
        for (String controller : back[2].split(",", -1)) {
          controllers.putIfAbsent(controller, mount);
        }
      }
    }
    return new GroupMounts(unified, Map.copyOf(controllers));
  }

  /**
   * The directories of a process's group and of those above it, nearest first; empty when they
   * cannot be seen.
   *
   * @param membership {@code /proc/PID/cgroup}
   * @param controller of cgroup v1; null for cgroup v2
   */
  List<Path> upwards(String membership, @Nullable String controller) {
    Mount mount = controller == null ? unified : controllers.get(controller);
    Optional<String> path = Cgroups.path(membership, controller);
    if (mount == null || path.isEmpty() || path.get().contains("/..")) {
      return List.of();
    }
    String root = mount.root.equals("/") ? "" : mount.root;
    if (!path.get().equals(root) && !path.get().startsWith(root + "/")) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    Path next = mount.point.resolve(path.get().substring(root.length()).replaceFirst("^/+", ""));
    while (next != null && next.startsWith(mount.point)) {
      found.add(next);
      next = next.getParent();
    }
    return found;
  }
}
