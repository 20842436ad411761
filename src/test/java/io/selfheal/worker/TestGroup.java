package io.selfheal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A control group of the test's own; closing it removes it. */
final class TestGroup implements AutoCloseable {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  final Path directory;

  private TestGroup(Path directory) {
    this.directory = directory;
  }

  /** One below the root of the hierarchy; empty where this host does not let the test make one. */
  private static Optional<TestGroup> make(@Nullable String controller) throws IOException {
    GroupMounts mounts = GroupMounts.parse(Files.readString(MOUNTS));
    String membership = controller == null ? "0::/\n" : "1:" + controller + ":/\n";
    List<Path> root = mounts.upwards(membership, controller);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    Path directory = root.getFirst().resolve("selfheal-test-" + ProcessHandle.current().pid());
    try {
      return Optional.of(new TestGroup(Files.createDirectory(directory)));
    } catch (IOException notAllowed) {
      return Optional.empty();
    }
  }

  /** One of cgroup v2, or of v1 with the freezer. */
  static Optional<TestGroup> freezer(boolean unified) throws IOException {
    return make(unified ? null : "freezer");
  }

  /** One in which so much memory may be used. */
  static Optional<TestGroup> memory(long bytes) throws IOException {
    Optional<TestGroup> unified = limited(null, bytes);
    return unified.isPresent() ? unified : limited("memory", bytes);
  }

  private static Optional<TestGroup> limited(@Nullable String controller, long bytes)
      throws IOException {
    Optional<TestGroup> made = make(controller);
    if (made.isPresent() && !made.get().limit(controller == null, bytes)) {
      made.get().close();
      return Optional.empty();
    }
    return made;
  }

  private boolean limit(boolean unified, long bytes) throws IOException {
    String limit = unified ? "memory.max" : "memory.limit_in_bytes";
    boolean able = has(limit) || (unified && enabled() && has(limit));
    if (!able) {
      return false;
    }
    write(limit, Long.toString(bytes));
    if (unified && has("memory.swap.max")) {
      Files.writeString(directory.resolve("memory.swap.max"), "0");
    }
    return true;
  }

  private boolean enabled() {
    try {
      Files.writeString(directory.resolveSibling("cgroup.subtree_control"), "+memory");
      return true;
    } catch (IOException otherHierarchyHasIt) {
      return false;
    }
  }

  private boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }

  void add(long pid) throws IOException {
    write("cgroup.procs", Long.toString(pid));
  }

  void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  /** A group can be removed when the kernel has let its last process go, a moment after its end. */
  @Override
  public void close() {
    for (int i = 0; i < 1_000_000 && Files.exists(directory); i++) {
      try {
        Files.delete(directory);
      } catch (IOException busy) {
        Thread.onSpinWait();
      }
    }
  }
}
