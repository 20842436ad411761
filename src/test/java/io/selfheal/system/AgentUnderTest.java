package io.selfheal.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One agent with its own data directory and port, that can be started, killed and started again.
 * Closing it ends the agent and every worker that it ever started.
 */
final class AgentUnderTest implements AutoCloseable {
  /** What a clean stop may take: what the agent promises. */
  static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Path directory;
  private final String name;
  private final int port;
  private final Path config;
  private List<String> before = List.of();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private @Nullable Process process;

  private AgentUnderTest(Path directory, String name, int port, String socket, String more)
      throws IOException {
    this.directory = directory;
    this.name = name;
    this.port = port;
    this.config = directory.resolve(name + ".yaml");
    Files.writeString(
        config,
        """
        agent:
          name: %s
          data_dir: %s
          socket: %s
          http: { port: %d }
        """
                .formatted(name, Json.text(dataDir().toString()), Json.text(socket), port)
            + more);
  }

  /** An agent whose configuration has {@code more} besides its name, directory and port. */
  static AgentUnderTest configured(Path directory, String name, String more) throws IOException {
    return new AgentUnderTest(directory, name, freePort(), "off", more);
  }

  /** The same on a given port. */
  static AgentUnderTest on(int port, Path directory, String name, String more) throws IOException {
    return new AgentUnderTest(directory, name, port, "off", more);
  }

  /** One that also listens on {@link #socket()}. */
  static AgentUnderTest withSocket(Path directory, String name, String more) throws IOException {
    String socket = directory.resolve(name).resolve("selfheal.sock").toString();
    return new AgentUnderTest(directory, name, freePort(), socket, more);
  }

  /** It and its workers are on a host of that name, as far as the kernel tells them. */
  AgentUnderTest onHost(String host) {
    before =
        List.of("unshare", "--uts", "sh", "-c", "hostname " + host + " && exec \"$@\"", "unshared");
    return this;
  }

  /**
   * It and its workers are on a machine of their own of that name, as far as the kernel lets one be
   * made: their pids, counted from {@code pids} on, mean nothing outside. Its workers survive it.
   */
  AgentUnderTest onMachine(String host, long pids) {
    before =
        List.of(
            "unshare",
            "--uts",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-c",
            "hostname %s && echo %d >/proc/sys/kernel/ns_last_pid && { \"$@\" & wait; sleep 100000; }"
                .formatted(host, pids),
            "unshared");
    return this;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** This machine's name, as the agent has it. */
  static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  Path dataDir() {
    return directory.resolve(name);
  }

  /** Where it listens beside its port, if it does: as its default is. */
  Path socket() {
    return dataDir().resolve("selfheal.sock");
  }

  int port() {
    return port;
  }

  /** Starts it; does not wait. */
  AgentUnderTest start() throws IOException {
    process =
        command(List.of("-Dselfheal.log=INFO"), List.of("run"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
            .redirectErrorStream(true)
            .start();
    return this;
  }

  /** Starts it, and waits until it is ready. */
  AgentUnderTest startReady() throws IOException, InterruptedException {
    start();
    awaitReady();
    return this;
  }

  /** Another command of the same program, with the same configuration. */
  ProcessBuilder command(List<String> options, List<String> words) {
    List<String> argv = new ArrayList<>(before);
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-Xshare:auto"));
    argv.add("--enable-native-access=ALL-UNNAMED");
    argv.add("--sun-misc-unsafe-memory-access=allow");
    argv.addAll(options);
    argv.addAll(List.of("-cp", classPath(), "io.selfheal.Main"));
    argv.addAll(words);
    argv.addAll(List.of("--config", config.toString()));
    return new ProcessBuilder(argv).directory(directory.toFile());
  }

  /** The program as it is shipped: without the tests' classes and their logging. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(part -> Path.of(part).toAbsolutePath().toString())
        .filter(part -> !part.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** How a command ended. */
  record Ran(int exit, String out, String err) {}

  /** Runs another command to its end. */
  Ran run(String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process running =
        command(List.of("-Dselfheal.log=WARN"), List.of(words))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!running.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
      throw new AssertionError(String.join(" ", words) + " does not end: " + Files.readString(err));
    }
    return new Ran(running.exitValue(), Files.readString(out), Files.readString(err));
  }

  long pid() {
    return running().pid();
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** Waits until the API answers, whatever it says. */
  void awaitListening() throws InterruptedException {
    await("the API answers", () -> get("/health/live").statusCode() == 200);
  }

  void awaitReady() throws InterruptedException {
    await("the agent is ready", () -> get("/health/ready").statusCode() == 200);
  }

  /** Waits for something of this agent; fails at once when it dies instead. */
  void await(String what, Await.Condition condition) throws InterruptedException {
    await(what, Await.LIMIT, condition);
  }

  /** The same for longer. */
  void await(String what, Duration limit, Await.Condition condition) throws InterruptedException {
    Await.until(
        what,
        limit,
        this::log,
        () -> {
          if (!alive()) {
            throw new AssertionError("the agent died before: " + what + "\n" + log());
          }
          return condition.holds();
        });
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** A changing call, with the agent's token. */
  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    String token = Files.readString(dataDir().resolve("token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return Json.mapper().readTree(get(path).body());
  }

  /** One check of {@code /health/ready}. */
  JsonNode check(String component) throws IOException, InterruptedException {
    return all(json("/health/ready").path("checks"))
        .filter(check -> check.path("name").asText().equals(component))
        .findFirst()
        .orElseThrow();
  }

  /** One instance of {@code /api/v1/workers}. */
  JsonNode instance(String instance) throws IOException, InterruptedException {
    return all(json("/api/v1/workers").path("workers"))
        .flatMap(worker -> all(worker.path("processes")))
        .filter(one -> one.path("instance").asText().equals(instance))
        .findFirst()
        .orElseThrow();
  }

  /** The pid that runs in a slot, as the API has it; fails when none does. */
  long workerPid(String instance) throws IOException, InterruptedException {
    JsonNode one = instance(instance);
    if (!one.path("liveness").asText().equals("running")) {
      throw new IOException(instance + " does not run: " + one);
    }
    return one.path("process").path("pid").asLong();
  }

  /** Waits until a process fills a slot; gives its pid. */
  long awaitWorker(String instance) throws IOException, InterruptedException {
    await(instance + " runs", () -> workerPid(instance) > 0);
    return workerPid(instance);
  }

  /** Every incident, newest first. */
  List<JsonNode> incidents() throws IOException, InterruptedException {
    return all(json("/api/v1/incidents?limit=500").path("incidents")).toList();
  }

  long openIncidents() throws IOException, InterruptedException {
    return all(json("/api/v1/incidents?open=true").path("incidents")).count();
  }

  /** What a look at the job tables finds now. */
  List<JsonNode> stuck() throws IOException, InterruptedException {
    return all(json("/api/v1/jobs/stuck?limit=500").path("jobs")).toList();
  }

  /** Events of the journal from its beginning on, at most 500. */
  List<JsonNode> events(String types) throws IOException, InterruptedException {
    return all(json("/api/v1/events?limit=500&types=" + types).path("events")).toList();
  }

  private static java.util.stream.Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    running().destroyForcibly().waitFor();
  }

  /** SIGKILL for the agent alone, on a machine of its own, where its workers live on. */
  void killThere() throws InterruptedException {
    ProcessHandle agent =
        running()
            .descendants()
            .filter(one -> one.info().command().orElse("").endsWith("java"))
            .findFirst()
            .orElseThrow();
    agent.destroyForcibly();
    Await.until("the agent is gone", this::log, () -> !agent.isAlive());
  }

  /** SIGTERM. */
  void terminate() {
    running().destroy();
  }

  /** Waits for the end, at most as long as a stop may take; gives the exit code. */
  int exit() throws InterruptedException {
    return exit(STOP_LIMIT);
  }

  int exit(Duration limit) throws InterruptedException {
    if (!running().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still there after " + limit + "\n" + log());
    }
    return running().exitValue();
  }

  private Path logFile() {
    return directory.resolve(name + ".log");
  }

  /** What it logged, over all starts. */
  String log() {
    try {
      return Files.readString(logFile(), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return "no log: " + none;
    }
  }

  /** The live processes with the marks of this agent's slot. */
  List<Long> processesOf(String instance) {
    return Marked.of(dataDir(), instance);
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        kill();
      }
      Marked.end(dataDir());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
