package io.selfheal.symptom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A control group of cgroup v2, which has pressure files, and where the memory controller is that
 * of cgroup v1 a group of that beside it; closing it removes them.
 */
public final class SmallGroup implements AutoCloseable {
  private static final Path ALL = Path.of("/sys/fs/cgroup");

  private final List<Path> directories = new ArrayList<>();

  /** Empty where this host does not let the test make one. */
  public static Optional<SmallGroup> make(String name, Optional<Long> bytes) throws IOException {
    SmallGroup group = new SmallGroup();
    boolean hybrid = Files.isDirectory(ALL.resolve("unified"));
    String own = "selfheal-" + name + "-" + ProcessHandle.current().pid();
    try {
      group.add((hybrid ? ALL.resolve("unified") : ALL).resolve(own));
      if (hybrid) {
        group.add(ALL.resolve("memory").resolve(own));
      }
      if (bytes.isPresent()) {
        Files.writeString(group.limit(), bytes.get().toString());
      }
      if (!Files.exists(group.directories.getFirst().resolve("memory.pressure"))) {
        throw new IOException("no pressure is kept here");
      }
      return Optional.of(group);
    } catch (IOException notAllowed) {
      group.close();
      return Optional.empty();
    }
  }

  private void add(Path directory) throws IOException {
    directories.add(Files.createDirectory(directory));
  }

  /** A line of a shell script that moves the shell into the group. */
  public String enter() {
    StringBuilder line = new StringBuilder();
    directories.forEach(
        directory -> line.append("echo $$ > ").append(directory).append("/cgroup.procs; "));
    return line.toString();
  }

  /** Where the kernel says how its tasks wait for memory. */
  public Path pressure() {
    return directories.getFirst().resolve("memory.pressure");
  }

  /** Where its memory is limited. */
  public Path limit() {
    Path group = directories.getLast();
    return group.resolve(directories.size() > 1 ? "memory.limit_in_bytes" : "memory.max");
  }

  /**
   * Whatever still runs in it ends: what was told to end its children may have missed one that it
   * was just making. A group can be removed when the kernel has let its last process go, a moment
   * after its end.
   */
  @Override
  public void close() {
    for (Path directory : directories) {
      long end = System.nanoTime() + 10_000_000_000L;
      while (Files.exists(directory) && System.nanoTime() < end) {
        try {
          kill(directory);
          Files.delete(directory);
        } catch (IOException busy) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static void kill(Path directory) throws IOException {
    for (String pid : Files.readAllLines(directory.resolve("cgroup.procs"))) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
