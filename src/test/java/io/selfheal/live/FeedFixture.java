package io.selfheal.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.json.Json;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.Recorded;
import io.selfheal.message.Topics;
import io.selfheal.message.TypePattern;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A live stream behind a real HTTP server, and a journal in memory. */
final class FeedFixture implements AutoCloseable {
  static final String PATH = "/api/v1/events/ws";
  private static final long LIMIT = 30;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final AtomicLong clock = new AtomicLong();
  final ConcurrentSkipListMap<Long, Recorded> journal = new ConcurrentSkipListMap<>();
  final LiveFeed feed;
  final HttpServer server;
  private final WebSocketClient client;
  private volatile long epoch = Samples.EPOCH;

  FeedFixture() {
    this(LiveConfig.defaults());
  }

  FeedFixture(LiveConfig config) {
    feed = new LiveFeed(config, "test", bus, new Time(() -> Instant.EPOCH, clock::get));
    bus.answer(JournalRequests.STATUS, query -> Future.succeededFuture(status()));
    bus.answer(JournalRequests.EVENTS, query -> Future.succeededFuture(page(query)));
    await(vertx.deployVerticle(feed));
    Router router = Router.router(vertx);
    router.route(PATH).handler(feed);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false);
    server = await(vertx.createHttpServer(options).requestHandler(router).listen());
    client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(5_000).setMaxMessageSize(1 << 24));
  }

  private JournalRequests.Status status() {
    long newest = journal.isEmpty() ? 0 : journal.lastKey();
    long oldest = journal.isEmpty() ? 0 : journal.firstKey();
    return new JournalRequests.Status(epoch, newest, oldest, 0, 0, 0, null);
  }

  private Events page(ReadEvents query) {
    TypePattern types = TypePattern.of(query.types());
    List<Recorded> found =
        journal.tailMap(query.after(), false).values().stream()
            .filter(event -> types.matches(event.type()))
            .filter(event -> query.subject() == null || query.subject().equals(event.subject()))
            .limit(query.limit())
            .toList();
    long newest = status().newest();
    boolean more = found.size() == query.limit();
    long last = more ? found.getLast().offset() : Math.max(newest, query.after());
    boolean complete = journal.isEmpty() || journal.firstKey() <= query.after() + 1;
    return new Events(epoch, found, last, complete, more);
  }

  /** Journals an event and publishes it. */
  void happen(Recorded event) {
    journal.put(event.offset(), event);
    bus.publish(Topics.RECORDED, event);
  }

  /** Turns the clock, and the tick once. */
  void later(Duration passed) {
    clock.addAndGet(passed.toNanos());
    CompletableFuture<Void> done = new CompletableFuture<>();
    feed.tick().onComplete(ticked -> done.complete(null));
    await(done);
  }

  Client connect(String query) {
    return connect(new WebSocketConnectOptions(), query);
  }

  Client connect(WebSocketConnectOptions options, String query) {
    Client connected = new Client();
    String uri = query.isEmpty() ? PATH : PATH + "?" + query;
    options.setHost("127.0.0.1").setPort(server.actualPort()).setURI(uri);
    connected.socket =
        await(
            client
                .webSocket()
                .textMessageHandler(connected.frames::add)
                .closeHandler(closed -> connected.closed.complete(null))
                .connect(options));
    return connected;
  }

  static <T> T await(Future<T> future) {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  /** A WebSocket client. */
  static final class Client {
    final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> closed = new CompletableFuture<>();
    WebSocket socket;

    /** The next frame; fails when none comes. */
    JsonNode next() {
      try {
        String frame = frames.poll(LIMIT, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("no frame came");
        }
        return Json.mapper().readTree(frame);
      } catch (InterruptedException | IOException failure) {
        throw new AssertionError(failure);
      }
    }

    /** The next frame of a kind, as what it holds. */
    JsonNode next(String kind) {
      JsonNode frame = next();
      if (!frame.has(kind)) {
        throw new AssertionError("not " + kind + ": " + frame);
      }
      return frame.get(kind);
    }

    int closeCode() {
      await(closed);
      return socket.closeStatusCode();
    }
  }
}
