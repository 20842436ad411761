package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.json.Json;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Act;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Task;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real receiver that takes, refuses, fails, hangs. */
@Timeout(120)
class NotifyTest {
  private static final int HANGS = 0;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Queue<Integer> answers = new ArrayDeque<>();
  private final Queue<byte[]> bodies = new ConcurrentLinkedQueue<>();
  private final Queue<String> keys = new ConcurrentLinkedQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private HttpServer server;
  private String webhook;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    vertx.deployVerticle(new WebhookDesk(bus)).await(30, TimeUnit.SECONDS);
    webhook = "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/s3cret-key";
  }

  @AfterEach
  void close() throws Exception {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      bodies.add(exchange.getRequestBody().readAllBytes());
      keys.add(
          exchange.getRequestHeaders().getFirst("Idempotency-Key")
              + exchange.getRequestHeaders().getFirst("X-Token"));
      int status = next();
      if (status == HANGS) {
        end.await();
      }
      exchange.sendResponseHeaders(status == HANGS ? 204 : status, -1);
    } catch (InterruptedException over) {
      // The test is over.
    }
  }

  private synchronized int next() {
    return answers.isEmpty() ? 204 : answers.remove();
  }

  private synchronized void answers(Integer... statuses) {
    answers.addAll(List.of(statuses));
  }

  private static Act act(String with) throws BadConfiguration {
    Reading reading = new Reading("rules.yaml", with, Map.of());
    Act act = new Notify().read(reading.root());
    reading.finish();
    return act;
  }

  private Act telling(String more) throws BadConfiguration {
    return act("webhook: %s\npause: 10ms\nheaders: {X-Token: t0ken}\n%s".formatted(webhook, more));
  }

  private Task task() {
    SymptomEvent.Seen seen =
        new SymptomEvent.Seen(
            "images_pile_up",
            "0a1b2c3d",
            "queue_backlog",
            "source/images",
            Severity.CRITICAL,
            "4200 jobs are ready",
            Map.of("ready_jobs", 4200.0),
            Duration.ofSeconds(30));
    Time time = new Time(InstantSource.system(), System::nanoTime);
    return new Task(
        "incident-1", seen, Duration.ofSeconds(60), new Surroundings(time, bus, Optional.empty()));
  }

  private static void keepsSecrets(Performed performed) {
    String all = performed.toString();
    assertFalse(all.contains("s3cret") || all.contains("t0ken") || all.contains("hooks"), all);
  }

  @Test
  void theReceiverIsToldAll() throws Exception {
    Performed performed = telling("").perform(task());
    assertEquals(Outcome.DONE, performed.outcome(), performed.detail());
    JsonNode told = Json.mapper().readTree(bodies.remove());
    assertEquals("incident-1", told.path("incident_id").asText());
    assertEquals("images_pile_up", told.path("rule").asText());
    assertEquals("queue_backlog", told.path("symptom").asText());
    assertEquals("source/images", told.path("subject").asText());
    assertEquals("critical", told.path("severity").asText());
    assertEquals("4200 jobs are ready", told.path("summary").asText());
    assertEquals(4200, told.path("values").path("ready_jobs").asInt());
    assertEquals("incident-1 images_pile_upt0ken", keys.remove());
    keepsSecrets(performed);
  }

  @Test
  void whatMayPassIsTriedAgainAndCountsOnce() throws Exception {
    telling("").perform(task());
    keys.clear();
    answers(503, HANGS, 200);
    Performed performed = telling("tries: 3\nlimit: 2s").perform(task());
    assertEquals(Outcome.DONE, performed.outcome(), performed.detail());
    assertEquals(
        List.of("try 1: answered 503", "try 2: no answer within 2000 ms", "try 3: answered 200"),
        performed.output());
    assertEquals(1, keys.stream().distinct().count());
    keepsSecrets(performed);
  }

  @Test
  void itGivesUpAfterItsLastTry() throws Exception {
    answers(500, 502, 429);
    Performed performed = telling("tries: 3").perform(task());
    assertEquals(Outcome.FAILED, performed.outcome());
    assertEquals(3, bodies.size());
    assertTrue(
        performed.detail().endsWith("was not told; try 3: answered 429"), performed.detail());
    keepsSecrets(performed);
  }

  /** Many incidents at once do not all wait for somebody who is away, and hear when he is back. */
  @Test
  void whoDoesNotAnswerIsAskedByOneAtATime() throws Exception {
    answers(500, 500, 500, 500, 500);
    telling("tries: 5").perform(task());
    Performed refused = telling("tries: 1\nlimit: 100ms").perform(task());
    assertEquals(Outcome.FAILED, refused.outcome());
    assertEquals(List.of("try 1: not tried, as the last 5 tries failed"), refused.output());
    assertEquals(5, bodies.size());
    keepsSecrets(refused);
    Performed later = telling("tries: 1\nlimit: 30s").perform(task());
    assertEquals(List.of("try 1: answered 204"), later.output());
    assertEquals(List.of("try 1: answered 204"), telling("tries: 1").perform(task()).output());
    assertEquals(7, bodies.size());
  }

  @Test
  void aReceiverThatIsAwaySilencesNoOtherOfItsHost() throws Exception {
    answers(500, 500, 500, 500, 500);
    telling("tries: 5").perform(task());
    webhook = webhook + "/another";
    assertEquals(List.of("try 1: answered 204"), telling("tries: 1").perform(task()).output());
  }

  /** None of them waits for the connection of another. */
  @Test
  void manyAreToldAtOnce() throws Exception {
    int notices = 40;
    answers(Collections.nCopies(notices, HANGS).toArray(Integer[]::new));
    Act act = telling("tries: 1\nlimit: 30s");
    List<Future<Performed>> told = new ArrayList<>();
    for (int i = 0; i < notices; i++) {
      told.add(threads.submit(() -> act.perform(task())));
    }
    while (bodies.size() < notices) {
      Thread.onSpinWait();
    }
    end.countDown();
    for (Future<Performed> each : told) {
      assertEquals(Outcome.DONE, each.get().outcome(), each.get().detail());
    }
  }

  @Test
  void refusalsAreNoSignThatItIsAway() throws Exception {
    answers(404, 404, 404, 404, 404, 429);
    for (int times = 0; times < 6; times++) {
      telling("tries: 1").perform(task());
    }
    assertEquals(Outcome.DONE, telling("tries: 1").perform(task()).outcome());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 404})
  void whatIsRefusedIsNotTriedAgain(int status) throws Exception {
    answers(status);
    Performed performed = telling("").perform(task());
    assertEquals(Outcome.FAILED, performed.outcome());
    assertEquals(1, bodies.size());
  }

  @Test
  void nobodyThereIsAFailureWithoutTheAddress() throws Exception {
    server.stop(0);
    Performed performed = telling("tries: 2").perform(task());
    assertEquals(Outcome.FAILED, performed.outcome());
    assertEquals(2, performed.output().size());
    keepsSecrets(performed);
  }

  @Test
  void aRehearsalTellsNobody() throws Exception {
    Performed performed = telling("log: true").rehearse(task());
    assertEquals(Outcome.DONE, performed.outcome());
    assertEquals(
        "would tell http://127.0.0.1:" + server.getAddress().getPort() + "/*** and the log",
        performed.detail());
    assertTrue(performed.output().getFirst().contains("\"subject\":\"source/images\""));
    assertTrue(bodies.isEmpty());
    keepsSecrets(performed);
  }

  @Test
  void anInterruptedOneEndsSoon() throws Exception {
    answers(HANGS);
    Act act = act("webhook: %s\nlimit: 1m\n".formatted(webhook));
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    act.perform(task());
                  } catch (InterruptedException asWanted) {
                    interrupted.countDown();
                  } catch (Exception other) {
                    throw new IllegalStateException(other);
                  }
                });
    while (bodies.isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertTrue(interrupted.await(30, TimeUnit.SECONDS));
  }

  @Test
  void theLogAloneIsEnough() throws Exception {
    assertEquals("written to the log", act("{}").perform(task()).detail());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook: 'ftp://x.example/s3cret'",
        "webhook: 's3cret key'",
        "log: false",
        "tries: 0",
        "webhook: 'http://x.example/'\nheaders: {'a b': s3cret}",
        "webhook: 'http://x.example/'\nheaders: {Host: s3cret}",
        "to: me"
      })
  void whatIsWrongIsSaidWithoutTheSecret(String with) {
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> act(with));
    assertFalse(String.valueOf(bad.getMessage()).contains("s3cret"), bad.getMessage());
  }
}
