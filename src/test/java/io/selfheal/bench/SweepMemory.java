package io.selfheal.bench;

import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One sweep in a JVM of its own whose heap is small: had the sweep to hold all that is stuck, it
 * would end without memory.
 */
final class SweepMemory {
  /** Heap of that JVM, in MiB; half of it is taken by the classes and buffers of an idle agent. */
  static final int HEAP_MIB = 32;

  private static final long LONGEST_MINUTES = 15;

  private SweepMemory() {}

  /** Sweeps the table of the shape {@code arguments[0]} in the database {@code arguments[1]}. */
  public static void main(String[] arguments) throws Exception {
    SweepShape shape = SweepShape.named(arguments[0]);
    try (SweepAgent agent = new SweepAgent(shape, PostgresUrl.parse(arguments[1]))) {
      System.out.println(agent.sweep().rescued());
    }
  }

  /** How many it rescued, or how it failed, in words. */
  static String run(SweepShape shape, PostgresUrl url) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-Xmx" + HEAP_MIB + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dselfheal.log=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                SweepMemory.class.getName(),
                shape.name(),
                url.reveal())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return "not done within " + LONGEST_MINUTES + " minutes";
    }
    return process.exitValue() == 0
        ? said.strip() + " rescued"
        : "FAILED with status " + process.exitValue();
  }
}
