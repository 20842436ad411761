package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real disk that does not answer: whoever writes to it waits in the kernel, in state D, and no
 * signal ends that. It thaws by itself when this JVM goes.
 */
public final class FrozenDisk implements AutoCloseable {
  /** Where it is mounted. */
  public final Path path;

  private @Nullable Process freezer;

  private FrozenDisk(Path path) {
    this.path = path;
  }

  /** Not frozen yet. Only root may mount; otherwise the test skips. */
  public static FrozenDisk mount(Path directory) throws Exception {
    Path image = directory.resolve("disk.image");
    Path path = Files.createDirectory(directory.resolve("disk"));
    Files.write(image, new byte[8 << 20]);
    assumeTrue(
        run("mkfs.ext4", "-q", "-F", image.toString())
            && run("mount", "-o", "loop", image.toString(), path.toString()),
        "skipped: only root may mount a disk of a file, with mkfs.ext4 and a loop device");
    return new FrozenDisk(path);
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** From here on nobody can write. */
  public void freeze() throws IOException {
    // Its input ends with this JVM, whatever ends that.
    String script = "fsfreeze -f '%1$s' && echo frozen && read end; fsfreeze -u '%1$s'";
    freezer =
        new ProcessBuilder("sh", "-c", script.formatted(path)).redirectErrorStream(true).start();
    assertEquals("frozen", freezer.inputReader().readLine());
  }

  /** It answers again. */
  public void thaw() {
    Process now = freezer;
    freezer = null;
    if (now == null) {
      return;
    }
    try {
      now.getOutputStream().close();
      if (!now.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError(path + " does not thaw");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thaw();
    run("umount", "-l", path.toString());
  }
}
