package io.selfheal.symptom;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command that ends with status 0 when the process is well. Past its limit it is killed,
 * with all that it started.
 */
final class CommandProbe implements Probe {
  private static final File NOTHING = new File("/dev/null");
  private static final String PATH = "PATH";
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int KEPT = 300;

  /** What is in the pipe is read within this; one that was left behind may keep it open. */
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final List<String> command;
  private final Duration limit;

  CommandProbe(List<String> command, Duration limit) {
    this.command = command;
    this.limit = limit;
  }

  @Override
  public List<String> templates() {
    return command;
  }

  @Override
  public Answer ask(ProbeTarget target) throws InterruptedException {
    Process process;
    try {
      process = start(command.stream().map(target::in).toList());
    } catch (IOException cannot) {
      return new Answer.Unasked("the probe cannot be run: " + cannot.getMessage());
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Thread reader = Thread.ofVirtual().start(() -> read(process.getInputStream(), said));
    try {
      String name = command.getFirst();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Answer.Unwell(name + " did not end within " + Spoken.of(limit));
      }
      reader.join(LAST_WORDS);
      String ended = name + " ended with status " + process.exitValue();
      return process.exitValue() == 0
          ? new Answer.Well(ended)
          : new Answer.Unwell(ended + (said.size() == 0 ? "" : ": " + firstLine(said)));
    } finally {
      end(process);
    }
  }

  private static Process start(List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    String path = builder.environment().getOrDefault(PATH, USUAL_PATH);
    builder.environment().clear();
    builder.environment().put(PATH, path);
    return builder.redirectInput(NOTHING).redirectErrorStream(true).start();
  }

  private static void end(Process process) {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  private static String firstLine(ByteArrayOutputStream said) {
    return said.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  /** To the end, so that the command is never held up by a pipe that is full. */
  private static void read(InputStream in, ByteArrayOutputStream said) {
    byte[] buffer = new byte[4096];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        said.write(buffer, 0, Math.min(count, Math.max(0, KEPT - said.size())));
      }
    } catch (IOException closed) {
      // The command was ended.
    }
  }
}
