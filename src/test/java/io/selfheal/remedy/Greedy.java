package io.selfheal.remedy;

import io.selfheal.container.Systemd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A unit that takes all the memory it can get, within a limit. With cgroup v2 systemd sets that;
 * where memory is counted by cgroup v1, whose groups a container only sees, its process goes into a
 * group that is made for it.
 */
final class Greedy implements AutoCloseable {
  private static final Path APPETITE = Path.of("/run/eat");
  private static final Path OLD = Path.of("/sys/fs/cgroup/memory");
  private static final long BYTES = 24L << 20;

  private final @Nullable Path group;

  private Greedy(@Nullable Path group) {
    this.group = group;
  }

  static Greedy make() throws Exception {
    run("mkfifo", APPETITE.toString());
    if (!Files.isDirectory(OLD)) {
      return new Greedy(null);
    }
    run("mount", "-o", "remount,rw,bind", OLD.toString());
    Path group = Files.createDirectory(OLD.resolve("selfheal-greedy-" + UUID.randomUUID()));
    Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(BYTES));
    return new Greedy(group);
  }

  private static void run(String... command) throws Exception {
    int exit =
        new ProcessBuilder(command)
            .redirectOutput(new File("/dev/null"))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }

  /** For its unit file. */
  String service() {
    String enter = group == null ? "" : "echo $$$$ > " + group + "/cgroup.procs; ";
    String limit = group == null ? "MemoryMax=" + BYTES + "\nMemorySwapMax=0\n" : "";
    return limit
        + "ExecStart=/bin/sh -c '"
        + enter
        + "read word < "
        + APPETITE
        + "; exec tail /dev/zero'\n";
  }

  /** It is alone while it waits: with a child beside it nobody could tell which one was killed. */
  void eat() throws IOException {
    Files.writeString(APPETITE, "now\n");
  }

  /** The group can be removed when the kernel has let its last process go. */
  @Override
  public void close() {
    Path made = group;
    if (made == null) {
      return;
    }
    Systemd.await(
        made + " is removed",
        () -> {
          try {
            Files.delete(made);
            return Optional.of(made);
          } catch (IOException busy) {
            return Optional.empty();
          }
        },
        () -> "");
  }
}
