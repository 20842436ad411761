package io.selfheal.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One short-lived child process. Its output goes to a file, so that neither a full pipe nor a
 * grandchild that keeps the pipe open can hold us up; its time is limited.
 */
final class Command {
  private static final int TAIL_BYTES = 4096;
  private static final int TIMED_OUT = -1;

  private Command() {}

  /**
   * How a child ended.
   *
   * @param exit its exit code; -1 when it was ended for taking too long
   * @param output the end of what it printed
   */
  record Result(int exit, String output) {
    boolean succeeded() {
      return exit == 0;
    }

    /** In words for an operator. */
    String explained() {
      String how = exit == TIMED_OUT ? "took too long and was ended" : "ended with code " + exit;
      return output.isEmpty() ? how : how + " and said: " + output;
    }
  }

  /**
   * Runs it in {@code directory} with a minimal environment.
   *
   * @param input a file that becomes its standard input
   * @param output a file that is overwritten with what it prints
   */
  static Result run(List<String> argv, Path directory, Path input, Path output, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(input.toFile()))
            .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
    // PG* and LD_* of the agent's environment must not steer this server.
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LD_"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Result(ended ? process.exitValue() : TIMED_OUT, tail(output));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The end of a text file, at most 4 KiB; empty when there is none. */
  static String tail(Path file) {
    try (var channel = Files.newByteChannel(file)) {
      long from = Math.max(0, channel.size() - TAIL_BYTES);
      channel.position(from);
      var buffer = java.nio.ByteBuffer.allocate(TAIL_BYTES);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }
}
