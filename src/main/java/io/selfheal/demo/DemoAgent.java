package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The agent, as a process of its own that can be killed and started again. */
final class DemoAgent {
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private @Nullable Process process;
  private boolean over;

  DemoAgent(Java java, Path config, Map<String, String> environment, Path log, int port) {
    this.command =
        java.command(
            List.of(
                "-Xmx128m",
                "-Xss512k",
                "-XX:ReservedCodeCacheSize=24m",
                "-XX:+UseCompactObjectHeaders",
                "-Dselfheal.log=INFO"),
            "io.selfheal.Main");
    this.command.addAll(List.of("run", "--config", config.toString()));
    // In a session of its own: the terminal's Ctrl-C is for the demo, which then ends the agent
    // once.
    this.command.addFirst("setsid");
    this.environment = environment;
    this.log = log;
    this.base = URI.create("http://127.0.0.1:" + port);
  }

  /** How to start a JVM like this one, small. */
  record Java(Path binary, String classPath) {
    static Java own() {
      return new Java(
          Path.of(System.getProperty("java.home"), "bin", "java"),
          System.getProperty("java.class.path"));
    }

    List<String> command(List<String> options, String main) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  binary.toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xshare:auto",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow"));
      command.addAll(options);
      command.addAll(List.of("-cp", absolute(classPath), main));
      return command;
    }

    private static String absolute(String classPath) {
      List<String> parts = new ArrayList<>();
      for (String part : List.of(classPath.split(File.pathSeparator, -1))) {
        parts.add(Path.of(part).toAbsolutePath().toString());
      }
      return String.join(File.pathSeparator, parts);
    }
  }

  /** Starts it and waits until it is ready. */
  void start(Duration limit) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process started = launch(builder);
    long end = System.nanoTime() + limit.toNanos();
    while (!answersReady()) {
      if (!started.isAlive()) {
        throw new IOException(
            "the agent ended with " + started.exitValue() + "; its log is " + log);
      }
      if (System.nanoTime() > end) {
        throw new IOException("the agent is not ready after " + limit + "; its log is " + log);
      }
      Thread.sleep(Duration.ofMillis(50));
    }
  }

  private synchronized Process launch(ProcessBuilder builder) throws IOException {
    if (over) {
      throw new IOException("the demo is ending");
    }
    Process started = builder.start();
    process = started;
    return started;
  }

  synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  /** SIGKILL. */
  synchronized void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** SIGTERM, then waits; SIGKILL when it does not obey. It is not started again. */
  synchronized void end() throws InterruptedException {
    over = true;
    if (process == null) {
      return;
    }
    process.destroy();
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** Asks the API, as any client would. */
  JsonNode ask(String path) throws IOException, InterruptedException {
    return Json.mapper().readTree(get(path).body());
  }

  private boolean answersReady() throws InterruptedException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }
}
