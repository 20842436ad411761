package io.selfheal.library;

import io.selfheal.store.PostgresUrl;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Starts processes that work with a job library on the JVM. */
public final class JvmWorker {
  private JvmWorker() {}

  /** Starts a program of this class path; what it logs goes to a file. */
  public static Process start(Class<?> program, PostgresUrl url, Path log, String... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(program, arguments));
    builder.environment().putAll(environment(url));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** How to start a program of this class path, with {@link #environment}. */
  public static List<String> command(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", classPath(), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * What tells it its database, in a time zone of its own: a library that wrote times of its own
   * zone would be read as one whose jobs are hours old.
   */
  public static Map<String, String> environment(PostgresUrl url) {
    return Map.of(
        "WORKER_URL", url.jdbcUrl(),
        "WORKER_USER", url.user(),
        "WORKER_PASSWORD", url.password().reveal(),
        "TZ", "Asia/Kolkata");
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(part -> Path.of(part).toAbsolutePath().toString())
            .toList());
  }
}
