package io.selfheal.bench;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.live.LiveConfig;
import io.selfheal.live.LiveFeed;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import io.selfheal.message.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that is measured: the live stream behind an HTTP server, and events on order. Prints
 * its port; for each line {@code COUNT RATE} it publishes and prints the last offset.
 */
public final class FeedBenchServer {
  static final String PATH = "/api/v1/events/ws";
  private static final long EPOCH = 1_700_000_000_000L;
  private static final String PAD = "x".repeat(140);

  private FeedBenchServer() {}

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    Bus bus = new Bus(vertx);
    LiveFeed feed =
        new LiveFeed(
            LiveConfig.defaults(),
            "bench",
            bus,
            new Time(InstantSource.system(), System::nanoTime));
    bus.answer(
        JournalRequests.STATUS,
        query -> Future.succeededFuture(new JournalRequests.Status(EPOCH, 0, 0, 0, 0, 0, null)));
    await(vertx.deployVerticle(feed));
    Router router = Router.router(vertx);
    router.route(PATH).handler(feed);
    HttpServer server =
        await(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false))
                .requestHandler(router)
                .listen());
    serve(bus, server.actualPort(), System.out);
    await(vertx.close());
  }

  private static void serve(Bus bus, int port, PrintStream out) throws IOException {
    out.println(port);
    long offset = 0;
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        int space = order.indexOf(' ');
        int count = Integer.parseInt(order.substring(0, space));
        long pause = TimeUnit.SECONDS.toNanos(1) / Integer.parseInt(order.substring(space + 1));
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          while (System.nanoTime() - start < i * pause) {
            LockSupport.parkNanos(start + i * pause - System.nanoTime());
          }
          bus.publish(Topics.RECORDED, event(++offset));
        }
        out.println(offset);
      }
    }
  }

  /** About 300 bytes. */
  private static Recorded event(long offset) {
    Instant now = Instant.now();
    String json =
        "{\"epoch\":%d,\"offset\":%d,\"id\":\"0190-%d\",\"time\":\"%s\",\"type\":\"worker.found\",\"severity\":\"info\",\"subject\":\"worker/images.1\",\"data\":{\"sent\":%d,\"pad\":\"%s\"}}"
            .formatted(EPOCH, offset, offset, now, System.nanoTime(), PAD);
    return new Recorded(
        EPOCH,
        offset,
        "0190-" + offset,
        now,
        "worker.found",
        Severity.INFO,
        "worker/images.1",
        null,
        false,
        json.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
