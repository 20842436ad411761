package io.selfheal.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real agent, started by agent.sh with its own options, on a durable PostgreSQL of its own, with
 * cheap workers. Everything goes when this is closed, and when the JVM ends.
 */
final class House implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Set<String> FOR_AGENT_SH = Set.of("SELFHEAL_JAVA_OPTS", "SELFHEAL_BUSY");
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory = Files.createTempDirectory("selfheal-bench-");
  private final EmbeddedPostgres postgres = EmbeddedPostgres.in(directory);
  private final Set<ProcessHandle> workers = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::endWithJvm);
  private final int port = freePort();
  private @Nullable PgBenchJobs jobs;
  private @Nullable Process agent;
  private boolean closed;

  private House() throws IOException {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts everything.
   *
   * @param instances how many workers; 0 for an agent with nothing to watch
   */
  static House open(int instances) throws Exception {
    return open(HouseConfig.jobs(instances));
  }

  /** Starts everything. */
  static House open(HouseConfig config) throws Exception {
    House house = new House();
    try {
      house.start(config);
      return house;
    } catch (Exception failure) {
      house.close();
      throw failure;
    }
  }

  /** Whether the JVM ends, for example by Ctrl-C: what fails then, fails because of that. */
  static boolean jvmEnds() {
    try {
      Thread probe = new Thread();
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException ending) {
      return true;
    }
  }

  private void start(HouseConfig config) throws Exception {
    // PostgreSQL may run as another user below it.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    PostgresUrl url = postgres.start();
    jobs = new PgBenchJobs(url);
    agent = startAgent(url, config);
    awaitReady(config.instances());
  }

  private Process startAgent(PostgresUrl url, HouseConfig config) throws IOException {
    Path file = config.write(directory, port);
    Path home = Path.of(System.getProperty("selfheal.home", "")).toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("agent.sh").toString(), "run", "--config", "" + file)
            .redirectErrorStream(true)
            .redirectOutput(log());
    builder.environment().keySet().removeIf(House::meantForAnother);
    builder.environment().put("SELFHEAL_DATABASE_URL", url.reveal());
    return builder.start();
  }

  private static boolean meantForAnother(String variable) {
    return variable.startsWith("SELFHEAL_") && !FOR_AGENT_SH.contains(variable);
  }

  private File log() {
    return directory.resolve("agent.log").toFile();
  }

  /** A port of the loopback address that nobody has now. */
  static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private void awaitReady(int instances) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!ready() || living().size() < instances) {
      if (!agent().isAlive() || System.nanoTime() > end) {
        String told = Files.readString(log().toPath());
        throw new IOException("the agent is not ready within " + LIMIT + "; it said:\n" + told);
      }
      Thread.sleep(50);
    }
    living().values().forEach(this::born);
  }

  private boolean ready() throws InterruptedException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Asks the API. */
  JsonNode ask(String path) throws IOException, InterruptedException {
    return Json.mapper().readTree(get(path).body());
  }

  /** The pid of each instance that runs. */
  Map<String, Long> living() throws IOException, InterruptedException {
    Map<String, Long> living = new TreeMap<>();
    for (JsonNode worker : ask("/api/v1/workers").path("workers")) {
      for (JsonNode each : worker.path("processes")) {
        long pid = each.path("process").path("pid").asLong();
        if (ProcessHandle.of(pid).isPresent()) {
          living.put(each.path("instance").asText(), pid);
        }
      }
    }
    return living;
  }

  /** A worker process to end with the house, should the agent not do it. */
  void born(long pid) {
    ProcessHandle.of(pid).ifPresent(workers::add);
  }

  /** The agent's Unix socket. */
  Path socket() {
    return directory.resolve(HouseConfig.SOCKET);
  }

  /** What changing calls over TCP show. */
  String token() throws IOException {
    return Files.readString(directory.resolve("agent/token")).strip();
  }

  int port() {
    return port;
  }

  PgBenchJobs jobs() {
    return Objects.requireNonNull(jobs);
  }

  ProcessHandle agent() {
    return Objects.requireNonNull(agent).toHandle();
  }

  /** The server and the processes that it has now. */
  Stream<ProcessHandle> postgresProcesses() throws IOException {
    Path file = directory.resolve("postgres/data/postmaster.pid");
    long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
    return ProcessHandle.of(pid).stream()
        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()));
  }

  private void endWithJvm() {
    try {
      end();
    } catch (Exception failure) {
      System.err.println("could not clean up " + directory + ": " + failure);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    if (!jvmEnds()) {
      end();
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private synchronized void end() throws IOException, SQLException {
    if (closed) {
      return;
    }
    closed = true;
    http.shutdownNow();
    if (agent != null) {
      stop(agent);
    }
    workers.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    if (jobs != null) {
      jobs.close();
    }
    postgres.stop();
    delete();
  }

  private void stop(Process running) {
    running.children().forEach(workers::add);
    running.destroy();
    try {
      if (running.waitFor(15, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    running.destroyForcibly();
  }

  private void delete() throws IOException {
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
