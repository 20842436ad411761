package io.selfheal.remedy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Runs one command to its end, which comes in time. On the thread of its act, which it blocks. */
final class CommandRun {
  private static final File NOTHING = new File("/dev/null");
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Duration HURRY = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final Process process;
  private final Optional<CommandSession> session;
  private final LastLines output = new LastLines();
  private final Thread reader;

  /**
   * How it ended.
   *
   * @param status its exit status, 128 + n when signal n ended it; empty when it still exists
   * @param late whether it had to be ended
   * @param left how many processes it left running
   */
  record Ended(OptionalInt status, boolean late, int left, List<String> output) {}

  private CommandRun(Process process) {
    this.process = process;
    this.session = CommandSession.of(process.pid());
    this.reader = Thread.ofVirtual().name("output of a command").start(this::read);
  }

  /** The path in which programs are searched: the agent's own. */
  static String path() {
    return new ProcessBuilder().environment().getOrDefault("PATH", USUAL_PATH);
  }

  /**
   * Starts it.
   *
   * @param environment all that it gets beside {@code PATH}
   * @throws IOException when it cannot be started
   */
  static CommandRun start(List<String> command, Path directory, Map<String, String> environment)
      throws IOException {
    List<String> argv = new ArrayList<>();
    // In a session of its own: it can be signalled with all that it starts, and a terminal's Ctrl-C
    // does not reach it.
    argv.add("setsid");
    argv.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(argv);
    String path = path();
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    return new CommandRun(
        builder
            .directory(directory.toFile())
            .redirectInput(NOTHING)
            .redirectErrorStream(true)
            .start());
  }

  /**
   * Waits for its end, and brings it about when its time is over or the thread is interrupted: TERM
   * to all that it started, then KILL.
   *
   * @throws InterruptedException when the thread was interrupted; the command is gone then, too
   */
  Ended await(CommandTimes times) throws InterruptedException {
    try {
      if (ended(times.run())) {
        return told(false);
      }
      signal(CommandSession.TERM);
      if (!ended(times.grace())) {
        signal(CommandSession.KILL);
        ended(times.gone());
      } else {
        // What it started and what ignored TERM goes with it.
        signal(CommandSession.KILL);
      }
      return told(true);
    } catch (InterruptedException hurry) {
      endNow();
      throw hurry;
    }
  }

  private void endNow() throws InterruptedException {
    signal(CommandSession.TERM);
    ended(HURRY);
    signal(CommandSession.KILL);
  }

  private boolean ended(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void signal(int signal) {
    session.ifPresent(one -> one.signal(signal));
    // Before setsid(2) was called, it is in no session of its own.
    if (signal == CommandSession.KILL) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
  }

  private Ended told(boolean late) throws InterruptedException {
    // A process that it left running may hold the pipe open for long: it is not waited for.
    reader.join(LAST_WORDS);
    boolean gone = !process.isAlive();
    return new Ended(
        gone ? OptionalInt.of(process.exitValue()) : OptionalInt.empty(),
        late,
        session.map(one -> one.living().size()).orElse(0),
        output.kept());
  }

  private void read() {
    byte[] buffer = new byte[8192];
    InputStream in = process.getInputStream();
    boolean failed = false;
    while (true) {
      try {
        int count = in.read(buffer);
        if (count < 0) {
          return;
        }
        output.add(new String(buffer, 0, count, StandardCharsets.UTF_8));
      } catch (IOException closed) {
        // At its end the JDK takes what is left from the pipe and puts it in the stream's place.
        if (failed) {
          return;
        }
        failed = true;
      }
    }
  }
}
