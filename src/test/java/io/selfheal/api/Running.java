package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Forwarded;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API on a free port with a Unix socket, before the answerers, spoken to byte by byte. */
final class Running {
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Answerers answerers;
  final HttpApi api;
  final String token;
  private final Path dataDir;

  Running(Path dataDir) throws Exception {
    this(dataDir, config(List.of("selfheal.example.org")), 60, Running::feed);
  }

  Running(Path dataDir, ApiConfig config, int idleSeconds, Handler<RoutingContext> liveFeed)
      throws Exception {
    this.dataDir = dataDir;
    answerers = new Answerers(bus);
    Mounts mounts =
        new Mounts(
            liveFeed,
            (request, service, rest) ->
                Future.succeededFuture(new Forwarded.NoRoute("no route to " + service + rest)),
            context -> context.response().end("selfheal_up 1\n"),
            context -> context.response().end("{}"),
            context -> context.response().end("{}"));
    api =
        new HttpApi(
            config, dataDir, mounts, bus, time(), dataDir.resolve("no-run-dir"), idleSeconds);
    await(vertx.deployVerticle(api));
    token = Files.readString(dataDir.resolve("token")).strip();
  }

  static ApiConfig config(List<String> hosts) {
    return new ApiConfig("127.0.0.1", 0, hosts, false, new ApiConfig.Auto());
  }

  static Time time() {
    return new Time(InstantSource.fixed(Answerers.START), () -> 0L);
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("nothing within 30 s", late);
    }
  }

  private static void feed(RoutingContext context) {
    context.request().toWebSocket().onSuccess(socket -> socket.writeTextMessage("hello"));
  }

  /** An answer, taken apart. */
  record Answer(int status, String head, String body) {
    String header(String name) {
      return head.lines()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  String host() {
    return "127.0.0.1:" + api.port();
  }

  SocketAddress tcp() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port());
  }

  SocketAddress unix() {
    return UnixDomainSocketAddress.of(api.socket().orElseThrow());
  }

  /** GET over TCP. */
  Answer get(String target, String... headers) throws IOException {
    return raw(tcp(), request("GET", target, "", headers));
  }

  /** POST over TCP of JSON with the right token. */
  Answer post(String target, String body, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Authorization: Bearer " + token);
    all.add("Content-Type: application/json");
    return raw(tcp(), request("POST", target, body, all.toArray(String[]::new)));
  }

  /** A whole request; unless given, Host is the right one, and the server is to close after it. */
  String request(String method, String target, String body, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    List<String> given = List.of(headers);
    if (given.stream().noneMatch(header -> header.startsWith("Host:"))) {
      text.append("Host: ").append(host()).append("\r\n");
    }
    given.forEach(header -> text.append(header).append("\r\n"));
    if (!body.isEmpty() || method.equals("POST")) {
      text.append("Content-Length: ")
          .append(body.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n");
    }
    return text.append("Connection: close\r\n\r\n").append(body).toString();
  }

  /** Sends all, then reads until the server closes. */
  static Answer raw(SocketAddress address, String request) throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    try (SocketChannel channel =
        SocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET)) {
      channel.connect(address);
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (InputStream in = Channels.newInputStream(channel)) {
        in.transferTo(all);
      }
      return parse(all.toString(StandardCharsets.UTF_8));
    }
  }

  private static Answer parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no HTTP answer: \"" + text + "\"");
    }
    int status = Integer.parseInt(text.substring(9, 12));
    return new Answer(status, text.substring(0, end), text.substring(end + 4));
  }

  Path dataDir() {
    return dataDir;
  }

  void close() throws Exception {
    await(vertx.close());
  }
}
