package io.selfheal.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes that outlive the agent: in a session of their own, so that a terminal's Ctrl-C
 * and hang-up do not reach them, and with their output in a file, so that no pipe breaks. Blocks
 * for some milliseconds.
 */
final class Launcher {
  private static final File NOTHING = new File("/dev/null");

  private final Path home;

  /**
   * @param home the agent's data directory, absolute
   */
  Launcher(Path home) {
    this.home = home;
  }

  /** What came of it. */
  sealed interface Launched {
    /** It runs, or at least did. */
    record Running(Process process) implements Launched {}

    /** It could not be started. */
    record Failed(String why) implements Launched {}
  }

  /** Where the output of an instance goes. */
  Path log(String instance) {
    return home.resolve("workers").resolve(instance + ".log");
  }

  /** Starts one. */
  Launched launch(WorkerConfig.Way.Run run, Marks marks) {
    List<String> argv = new ArrayList<>();
    argv.add("setsid");
    argv.addAll(run.command());
    ProcessBuilder builder = new ProcessBuilder(argv);
    Path directory = run.directory().orElse(Path.of("")).toAbsolutePath();
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    Optional<String> missing = missing(run.command().getFirst(), directory, path);
    if (missing.isPresent()) {
      return new Launched.Failed(missing.get());
    }
    environment(builder.environment(), run, marks);
    File log = log(marks.instance()).toFile();
    try {
      Files.createDirectories(log.toPath().getParent());
      return new Launched.Running(
          builder
              .directory(directory.toFile())
              .redirectInput(NOTHING)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start());
    } catch (IOException failure) {
      return new Launched.Failed(marks.instance() + " cannot be started: " + failure.getMessage());
    }
  }

  /**
   * The agent's own environment without what is meant for the agent: its settings, which may hold
   * passwords, and systemd's channels to it.
   */
  private static void environment(
      Map<String, String> environment, WorkerConfig.Way.Run run, Marks marks) {
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith(Marks.PREFIX)
                    || name.startsWith("WATCHDOG_")
                    || name.startsWith("LISTEN_")
                    || name.equals("NOTIFY_SOCKET")
                    || name.equals("CREDENTIALS_DIRECTORY"));
    environment.putAll(run.environment());
    marks.into(environment);
  }

  /** setsid would only say this in the worker's log. */
  private static Optional<String> missing(String program, Path directory, String path) {
    if (!Files.isDirectory(directory)) {
      return Optional.of("run.directory " + directory + " does not exist");
    }
    if (program.contains("/")) {
      Path file = directory.resolve(program);
      return Files.isExecutable(file) && !Files.isDirectory(file)
          ? Optional.empty()
          : Optional.of("run.command: " + file + " is not an executable file");
    }
    for (String entry : path.split(":", -1)) {
      if (Files.isExecutable(directory.resolve(entry).resolve(program))) {
        return Optional.empty();
      }
    }
    return Optional.of("run.command: no program " + program + " in the path " + path);
  }
}
