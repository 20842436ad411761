package io.selfheal.symptom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process whose file does not fit into the memory of its group, and that reads it for ever. */
final class Thrashing implements AutoCloseable {
  private static final String SCRIPT =
      """
      head -c 67108864 /dev/zero > FILE
      trap 'kill $(jobs -p); exit' TERM
      for i in 1 2 3; do while :; do cat FILE > /dev/null; done & done
      wait
      """;

  private final Process process;

  private Thrashing(Process process) {
    this.process = process;
  }

  /** Begins; the pages belong to the group that first touches them, so it writes the file, too. */
  static Thrashing in(SmallGroup group, Path file) throws IOException {
    String script = group.enter() + SCRIPT.replace("FILE", file.toString());
    return new Thrashing(new ProcessBuilder("bash", "-c", script).start());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new IOException("what reads again and again does not end");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
