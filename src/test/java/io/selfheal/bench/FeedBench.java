package io.selfheal.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures the live stream: clients on loopback in this process, the stream in another one, so that
 * its processor time stands alone.
 */
final class FeedBench {
  private static final int WARM_UP_SECONDS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PrintStream out;
  private final int seconds;
  private final int clients;
  private final int rate;

  FeedBench(PrintStream out, int seconds, int clients, int rate) {
    this.out = out;
    this.seconds = seconds;
    this.clients = clients;
    this.rate = rate;
  }

  void run(int runs) throws Exception {
    Machine.print(out, "feed: %d clients, %d events/s".formatted(clients, rate));
    for (int run = 1; run <= runs; run++) {
      once(run);
    }
    out.println("load average at end: " + Machine.load());
  }

  private void once(int number) throws Exception {
    Process server = startServer();
    Vertx vertx = Vertx.vertx();
    try (BufferedReader answers = server.inputReader(StandardCharsets.UTF_8)) {
      int port = Integer.parseInt(answers.readLine());
      List<FeedClient> connected = connect(vertx, port);
      publish(server, answers, connected, WARM_UP_SECONDS);
      connected.forEach(FeedClient::forget);
      Duration before = cpu(server);
      long start = System.nanoTime();
      long last = publish(server, answers, connected, seconds);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      report(number, connected, last, took, cpu(server).minus(before));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      server.destroy();
    }
  }

  private static Process startServer() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), FeedBenchServer.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private List<FeedClient> connect(Vertx vertx, int port) throws Exception {
    WebSocketClient client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(clients));
    List<FeedClient> connected = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      FeedClient reader = new FeedClient();
      client
          .webSocket()
          .textMessageHandler(reader::read)
          .connect(port, "127.0.0.1", FeedBenchServer.PATH)
          .toCompletionStage()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      connected.add(reader);
    }
    return connected;
  }

  /** Has events published, waits until every client has the last one, and returns its offset. */
  private long publish(
      Process server, BufferedReader answers, List<FeedClient> connected, int length)
      throws IOException, InterruptedException {
    var orders = server.outputWriter(StandardCharsets.UTF_8);
    orders.write(length * rate + " " + rate + "\n");
    orders.flush();
    long last = Long.parseLong(answers.readLine());
    long start = System.nanoTime();
    while (connected.stream().anyMatch(client -> client.newest() < last)
        && System.nanoTime() - start < PATIENCE.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return last;
  }

  private static Duration cpu(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private void report(
      int number, List<FeedClient> connected, long last, Duration took, Duration cpu) {
    long expected = (long) clients * seconds * rate;
    long delivered = connected.stream().mapToLong(FeedClient::events).sum();
    long wrong = connected.stream().mapToLong(FeedClient::wrong).sum();
    long frames = connected.stream().mapToLong(FeedClient::frames).sum();
    long[] micros = connected.stream().flatMapToLong(FeedClient::latencies).sorted().toArray();
    double coreSeconds = cpu.toMillis() / 1000.0;
    out.printf(
        "run %d: %d clients, %d events/s, %d s (took %.1f s), last offset %d%n",
        number, clients, rate, seconds, took.toMillis() / 1000.0, last);
    out.printf(
        "deliveries %d of %d, lost %d (target 0, %s), out of order or doubled %d, events a frame %.1f%n",
        delivered,
        expected,
        expected - delivered,
        delivered == expected ? "met" : "MISSED",
        wrong,
        (double) delivered / frames);
    out.printf(
        "server: %.2f core-seconds (%.1f %% of a core), %.0f deliveries per core-second%n",
        coreSeconds, 100_000.0 * coreSeconds / took.toMillis(), delivered / coreSeconds);
    if (micros.length > 0) {
      out.printf(
          "latency, event made to event read: median %.1f ms, p99 %.1f ms, most %.1f ms%n",
          micros[micros.length / 2] / 1000.0,
          micros[(int) (micros.length * 0.99)] / 1000.0,
          Arrays.stream(micros).max().orElse(0) / 1000.0);
    }
  }
}
