package io.selfheal.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ErrorCategory;
import io.selfheal.message.Forwarded;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Receipts;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real service that answers, refuses, hangs and breaks, behind the proxy. */
class ServiceProxyTest {
  private static final Price PRICE =
      new Price(
          9_000, List.of(new Price.Part(JsonPointer.compile("/used"), new BigDecimal("0.001"))));

  private static final String STREAMED =
      "POST /plain/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final Origin origin = new Origin();
  private final Deque<PermitAnswer> answers = new ArrayDeque<>();
  private final BlockingQueue<AskPermit> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private final BlockingQueue<Forwarded> ends = new LinkedBlockingQueue<>();
  private HttpServer front;

  ServiceProxyTest() throws IOException {}

  @BeforeEach
  void start() throws Exception {
    bus.answer(PermitRequests.PERMIT, this::permit);
    bus.answer(
        PermitRequests.REPORT,
        all -> {
          reports.addAll(all.reports());
          return Future.succeededFuture(new Receipts(List.of()));
        });
    Duration silence = Duration.ofMillis(400);
    ProxyConfig config =
        new ProxyConfig(
            List.of(
                new Route("plain", origin.url("/base"), silence, 2, Optional.empty()),
                new Route("priced", origin.url("/base"), silence, 0, Optional.of(PRICE))));
    Time time = new Time(InstantSource.system(), System::nanoTime);
    ServiceProxy proxy = new ServiceProxy(config, bus, time, () -> 0.01);
    await(vertx.deployVerticle(proxy));
    front =
        await(
            vertx
                .createHttpServer()
                .requestHandler(request -> forward(proxy, request))
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    origin.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Future<PermitAnswer> permit(AskPermit query) {
    asked.add(query);
    PermitAnswer next = answers.poll();
    return Future.succeededFuture(
        next == null ? new Granted("p" + asked.size(), Instant.EPOCH, false) : next);
  }

  /** The first part of the path is the service; what the proxy did not answer is answered here. */
  private void forward(ServiceProxy proxy, HttpServerRequest request) {
    String uri = request.uri();
    int end = uri.indexOf('/', 1);
    proxy
        .forward(request, uri.substring(1, end), uri.substring(end))
        .onSuccess(
            how -> {
              ends.add(how);
              if (!(how instanceof Forwarded.Answered)) {
                request.response().setStatusCode(599).end(how.getClass().getSimpleName());
              }
            });
  }

  private Socket worker(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.actualPort());
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private String send(String request) throws IOException {
    try (Socket socket = worker(request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String path, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "GET " + path + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n" + more + "\r\n";
  }

  private Report report() throws InterruptedException {
    Report report = reports.poll(30, TimeUnit.SECONDS);
    assertTrue(report != null, "no report");
    return report;
  }

  private static String answer(int status, String type, String body, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s"
        .formatted(status, type, body.length(), more, body);
  }

  @Test
  void anAnswerGoesThroughAsItIs() throws Exception {
    origin.next(answer(201, "text/plain", "hello", "X-Own: 1", "Set-Cookie: a=b"));
    String said =
        send(
            get(
                "/plain/a%20b?q=%2F",
                "Authorization: Bearer secret", "X-Hop: 1", "Connection: X-Hop"));
    assertTrue(said.startsWith("HTTP/1.1 201 Said"), said);
    assertTrue(said.toLowerCase(Locale.ROOT).contains("x-own: 1"), said);
    assertTrue(said.contains("sandbox"), said);
    assertTrue(said.endsWith("hello"), said);
    String heard = origin.heard();
    assertTrue(heard.startsWith("GET /base/a%20b?q=%2F HTTP/1.1\r\n"), heard);
    assertTrue(heard.toLowerCase(Locale.ROOT).contains("authorization: bearer secret"));
    assertFalse(heard.toLowerCase(Locale.ROOT).contains("x-hop"), heard);
    assertTrue(heard.toLowerCase(Locale.ROOT).contains("host: 127.0.0.1:"), heard);
    Report report = report();
    assertEquals("p1", report.permit());
    assertEquals(CallOutcome.SUCCESS, report.outcome());
    assertEquals(OptionalLong.empty(), report.costMicros());
    assertEquals(new AskPermit("plain", 0, 0, false, false), asked.poll());
  }

  @Test
  void bothBodiesAreStreamed() throws Exception {
    origin.echo();
    try (Socket socket = worker(STREAMED + "3\r\none\r\n")) {
      // The worker waits for the first part's echo before it sends the second.
      InputStream in = socket.getInputStream();
      head(in);
      body(in, "one");
      socket.getOutputStream().write("3\r\ntwo\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      body(in, "two");
      assertEquals("", chunk(in), "its end");
    }
    assertEquals(CallOutcome.SUCCESS, report().outcome());
  }

  @Test
  void whereBothFallSilentWithinTheirBodiesTheWorkersConnectionEnds() throws Exception {
    origin.echo();
    try (Socket socket = worker(STREAMED + "3\r\none\r\n")) {
      InputStream in = socket.getInputStream();
      head(in);
      body(in, "one");
      assertEquals("", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals(CallOutcome.FAILURE, report().outcome());
  }

  private static void head(InputStream in) throws IOException {
    String line = line(in);
    while (!line.isEmpty()) {
      line = line(in);
    }
  }

  /** Reads chunks until they are these words; the proxy may have divided and joined them. */
  private static void body(InputStream in, String words) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.length() < words.length()) {
      read.append(chunk(in));
    }
    assertEquals(words, read.toString());
  }

  private static String chunk(InputStream in) throws IOException {
    byte[] data = in.readNBytes(Integer.parseInt(line(in), 16));
    assertEquals("", line(in));
    return new String(data, StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith("\r\n")) {
      int next = in.read();
      assertTrue(next >= 0, read.toString());
      read.append((char) next);
    }
    return read.substring(0, read.length() - 2);
  }

  @Test
  void theAnswerTellsItsPrice() throws Exception {
    origin.next(answer(200, "application/json", "{\"used\":7}"));
    assertTrue(send(get("/priced/x", "Accept-Encoding: gzip")).endsWith("{\"used\":7}"));
    assertEquals(OptionalLong.of(7_000), report().costMicros());
    assertEquals(9_000, asked.take().costMicros());
    assertFalse(origin.heard().toLowerCase(Locale.ROOT).contains("accept-encoding"));
  }

  @Test
  void aRefusalSendsNothing() throws Exception {
    answers.add(new Refused(Reason.BREAKER_OPEN, Duration.ofSeconds(1), "open", null));
    assertTrue(send(get("/plain/x")).endsWith("Refused"));
    assertEquals(0, origin.connections());
    assertEquals(0, reports.size());
  }

  @Test
  void onlyWhatIsConfiguredAndNothingAside() throws Exception {
    assertTrue(send(get("/other/x")).endsWith("NoRoute"));
    assertTrue(send(get("/plain/%2e%2e/x")).endsWith("BadTarget"));
    assertEquals(0, asked.size());
    assertEquals(0, origin.connections());
  }

  @Test
  void whatPassesIsTriedAgainWithAPermitOfItsOwn() throws Exception {
    origin.next(answer(503, "text/plain", "busy"));
    origin.next(answer(200, "text/plain", "fine"));
    assertTrue(send(get("/plain/x")).endsWith("fine"));
    assertEquals(OptionalInt.of(503), error(report()));
    assertEquals(CallOutcome.SUCCESS, report().outcome());
    assertFalse(asked.take().retry());
    assertTrue(asked.take().retry());
  }

  private static OptionalInt error(Report report) {
    return report.error() == null ? OptionalInt.empty() : report.error().status();
  }

  @Test
  void withoutAPermitForItTheFirstAnswerStands() throws Exception {
    answers.add(new Granted("p1", Instant.EPOCH, false));
    answers.add(new Refused(Reason.RETRY_BUDGET_EXHAUSTED, Duration.ZERO, "spent", null));
    origin.next(answer(503, "text/plain", "busy"));
    String said = send(get("/plain/x"));
    assertTrue(said.startsWith("HTTP/1.1 503") && said.endsWith("busy"), said);
    assertEquals(OptionalInt.of(503), error(report()));
    assertEquals(1, origin.connections());
  }

  @Test
  void anErrorThatTellsNoPriceCostNothing() throws Exception {
    origin.next(answer(500, "application/json", "{\"error\":\"no\"}"));
    assertTrue(send(get("/priced/x")).startsWith("HTTP/1.1 500"));
    assertEquals(OptionalLong.of(0), report().costMicros());
    origin.next("");
    assertTrue(send(get("/priced/x")).endsWith("Away"));
    assertEquals(OptionalLong.empty(), report().costMicros());
  }

  @Test
  void aBodyIsSentOnceAndALongPauseIsTheWorkers() throws Exception {
    origin.next(answer(503, "text/plain", "busy"));
    String post =
        "POST /plain/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    assertTrue(send(post).endsWith("busy"));
    assertEquals(OptionalInt.of(503), error(report()));
    origin.next(answer(429, "text/plain", "later", "Retry-After: 30"));
    String later = send(get("/plain/x"));
    assertTrue(later.toLowerCase(Locale.ROOT).contains("retry-after: 30"), later);
    Report report = report();
    assertEquals(
        Duration.ofSeconds(30), report.error() == null ? null : report.error().retryAfter());
    assertEquals(2, asked.size());
  }

  @Test
  void aServiceThatHangsIsSlow() throws Exception {
    origin.next("");
    assertTrue(send(get("/priced/x")).endsWith("Away"));
    assertEquals(true, ((Forwarded.Away) ends.take()).slow());
    failed(report());
  }

  @Test
  void aServiceThatTakesNoConnectionIsAway() throws Exception {
    origin.close();
    assertTrue(send(get("/plain/x")).endsWith("Away"));
    Forwarded.Away away = assertInstanceOf(Forwarded.Away.class, ends.take());
    assertEquals("plain gave no answer: it takes no connection", away.detail());
    failed(report());
    failed(report());
    failed(report());
    assertEquals(3, asked.size());
  }

  @Test
  void nonsenseAndHalfAnAnswerAreFailures() throws Exception {
    origin.next("this is not HTTP\r\n\r\n");
    assertTrue(send(get("/priced/x")).endsWith("Away"));
    failed(report());
    origin.nextAndClose("HTTP/1.1 200 Said\r\nContent-Length: 100\r\n\r\nhalf");
    assertFalse(send(get("/priced/x")).contains("599"));
    failed(report());
  }

  @Test
  void aServiceThatHangsWithinItsAnswerIsItsOwnFault() throws Exception {
    origin.next("HTTP/1.1 200 Said\r\nContent-Length: 100\r\n\r\nhalf");
    assertTrue(send(get("/priced/x")).endsWith("half"));
    Report report = report();
    failed(report);
    assertEquals(
        "it was silent for too long", report.error() == null ? "" : report.error().message());
  }

  @Test
  void headersThatCannotBeReadAreNobodysIllness() throws Exception {
    origin.next(
        answer(
            200,
            "text/plain",
            "fine",
            "Cache-Control: public",
            "Date: Sat, 31 Jan 2026 12:00:00 GMT",
            "Expires: 0"));
    assertTrue(send(get("/plain/x")).endsWith("Away"));
    assertEquals(CallOutcome.IGNORED, report().outcome());
    assertEquals(1, asked.size());
  }

  @Test
  void anOldProtocolIsRefusedBeforeAnythingIsSent() throws Exception {
    assertTrue(send("GET /plain/x HTTP/1.0\r\n\r\n").endsWith("BadTarget"));
    assertEquals(0, asked.size());
  }

  private static void failed(Report report) {
    assertEquals(CallOutcome.FAILURE, report.outcome(), report.toString());
    @Nullable ErrorCategory category = report.error() == null ? null : report.error().category();
    assertEquals(ErrorCategory.TRANSIENT, category, report.toString());
  }

  @Test
  void aWorkerThatGoesAwaySaysNothingOfTheService() throws Exception {
    origin.next("HTTP/1.1 200 Said\r\nContent-Length: 100\r\n\r\nhalf");
    try (Socket socket = worker(get("/priced/x"))) {
      head(socket.getInputStream());
      assertEquals(
          "half", new String(socket.getInputStream().readNBytes(4), StandardCharsets.UTF_8));
    }
    Report report = report();
    assertEquals(CallOutcome.IGNORED, report.outcome());
    assertEquals(OptionalLong.of(9_000), report.costMicros());
  }

  @Test
  void withoutAGuardCallsPass() throws Exception {
    ProxyConfig config =
        new ProxyConfig(
            List.of(
                new Route(
                    "plain", origin.url("/base"), Duration.ofSeconds(5), 0, Optional.empty())));
    Time time = new Time(InstantSource.system(), System::nanoTime);
    ServiceProxy alone = new ServiceProxy(config, bus.apart(), time, () -> 0);
    await(vertx.deployVerticle(alone));
    List<HttpServer> servers = new ArrayList<>();
    servers.add(
        await(
            vertx
                .createHttpServer()
                .requestHandler(request -> alone.forward(request, "plain", request.uri()))
                .listen(0, "127.0.0.1")));
    origin.next(answer(200, "text/plain", "fine"));
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), servers.getFirst().actualPort())) {
      socket.getOutputStream().write(get("/x").getBytes(StandardCharsets.UTF_8));
      String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.endsWith("fine"), said);
    }
    assertEquals(0, reports.size());
  }

  /** Speaks byte by byte what it was told to, one connection after another. */
  private static final class Origin {
    private final java.net.ServerSocket server =
        new java.net.ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Say> says = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final java.util.concurrent.atomic.AtomicInteger connections =
        new java.util.concurrent.atomic.AtomicInteger();

    private record Say(String text, boolean close, boolean echo) {}

    Origin() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    URI url(String path) {
      return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    void next(String text) {
      says.add(new Say(text, false, false));
    }

    void nextAndClose(String text) {
      says.add(new Say(text, true, false));
    }

    void echo() {
      says.add(new Say("", false, true));
    }

    String heard() throws InterruptedException {
      return String.valueOf(heard.poll(30, TimeUnit.SECONDS));
    }

    int connections() {
      return connections.get();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          connections.incrementAndGet();
          Thread.ofVirtual().start(() -> talk(socket));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void talk(Socket socket) {
      try (socket) {
        InputStream in = socket.getInputStream();
        while (true) {
          StringBuilder head = new StringBuilder();
          while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
              return;
            }
            head.append((char) next);
          }
          heard.add(head.toString());
          Say say = says.poll(30, TimeUnit.SECONDS);
          if (say == null) {
            return;
          }
          if (say.echo()) {
            echo(in, socket);
            continue;
          }
          socket.getOutputStream().write(say.text().getBytes(StandardCharsets.UTF_8));
          if (say.close()) {
            return;
          }
        }
      } catch (IOException gone) {
        heard.add("the connection ended: " + gone.getMessage());
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    /** The chunks as they come, each at once. */
    private static void echo(InputStream in, Socket socket) throws IOException {
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 Said\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      StringBuilder all = new StringBuilder();
      while (all.indexOf("0\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        all.append((char) next);
        socket.getOutputStream().write(next);
      }
    }

    void close() throws IOException {
      server.close();
    }
  }
}
