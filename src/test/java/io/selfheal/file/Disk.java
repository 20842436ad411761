package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Real mounts for a test, taken away at its end. Only root may mount; otherwise the test skips. */
public final class Disk implements AutoCloseable {
  private final Deque<Path> mounted = new ArrayDeque<>();

  /** A small file system in memory. */
  public Path tmpfs(Path at, String size) throws Exception {
    Files.createDirectories(at);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "selfheal-test", at.toString()),
        "skipped: only root may mount");
    mounted.push(at);
    return at;
  }

  /** The same files at a second place; both must be there. */
  public void bind(Path what, Path at) throws Exception {
    assumeTrue(run("mount", "--bind", what.toString(), at.toString()), "skipped: only root mounts");
    mounted.push(at);
  }

  /** Writes until the disk takes no more. */
  public static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
  }

  private static boolean run(String... argv) throws IOException {
    Process process =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    while (!mounted.isEmpty()) {
      Path one = mounted.pop();
      assertTrue(run("umount", "-l", one.toString()), "umount " + one);
    }
  }
}
