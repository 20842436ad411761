package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system in memory; closing it unmounts it. */
public final class SmallDisk implements AutoCloseable {
  public final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  public static SmallDisk mount(Path path, String options) throws Exception {
    Files.createDirectory(path);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "selfheal-test", path.toString()),
        "skipped: only root may mount the small disk that this test fills");
    return new SmallDisk(path);
  }

  public Path write(String name, int bytes) throws IOException {
    Path file = path.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(new byte[bytes]);
    }
    return file;
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() throws IOException {
    try {
      assertTrue(run("umount", "-l", path.toString()), "umount " + path);
    } catch (InterruptedException stopped) {
      throw new IOException("stopped before the end of umount " + path, stopped);
    }
  }
}
