package io.selfheal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.json.Json;
import io.selfheal.message.ComponentEvent.Changed;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HealthRequests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two addresses over real HTTP. */
class HealthBoardTest {
  private static final Time TIME = new Time(() -> Instant.ofEpochSecond(60), () -> 0);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final HealthBoard board = new HealthBoard(bus, TIME, Set.of("database", "host"));
  private int port;

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    router.get("/health/live").handler(board.live());
    router.get("/health/ready").handler(board.ready());
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    port = server.actualPort();
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static JsonNode body(HttpResponse<String> response) throws Exception {
    return Json.mapper().readTree(response.body());
  }

  @Test
  void beforeAllHaveReportedTheAgentLivesAndIsNotReady() throws Exception {
    await(vertx.deployVerticle(board));
    bus.publish(new Changed("host", Status.HEALTHY, "every collector works"));
    assertEquals(200, get("/health/live").statusCode());
    HttpResponse<String> ready = get("/health/ready");
    assertEquals(503, ready.statusCode());
    assertEquals(
        Json.mapper()
            .readTree(
                """
                {"status": "down", "checks": [
                  {"name": "database", "status": "unknown", "detail": "has not reported yet",
                   "since": null},
                  {"name": "host", "status": "healthy", "detail": "every collector works",
                   "since": "1970-01-01T00:01:00Z"}]}
                """),
        body(ready));
  }

  @Test
  void degradedIsGoodEnoughAndAPartThatNobodyRequiresDoesNotCount() throws Exception {
    await(vertx.deployVerticle(board));
    bus.publish(new Changed("host", Status.DEGRADED, "failing: disks"));
    bus.publish(new Changed("database", Status.HEALTHY, ""));
    bus.publish(new Changed("extra", Status.ERROR, "broken"));
    HttpResponse<String> ready = get("/health/ready");
    assertEquals(200, ready.statusCode());
    assertEquals("up", body(ready).get("status").asText());
    assertEquals("application/json", ready.headers().firstValue("content-type").orElseThrow());
    HealthRequests.Health health =
        await(bus.ask(HealthRequests.HEALTH, new HealthRequests.ReadHealth()));
    assertTrue(health.ready());
    assertEquals(3, health.components().size());
  }

  @Test
  void theCauseIsToldAndReadinessComesBack() throws Exception {
    await(vertx.deployVerticle(board));
    bus.publish(new Changed("host", Status.HEALTHY, ""));
    bus.publish(
        new Changed("database", Status.UNAVAILABLE, "connection refused to 127.0.0.1:5432"));
    HttpResponse<String> down = get("/health/ready");
    assertEquals(503, down.statusCode());
    JsonNode check = body(down).get("checks").get(0);
    assertEquals("unavailable", check.get("status").asText());
    assertEquals("connection refused to 127.0.0.1:5432", check.get("detail").asText());
    assertEquals(200, get("/health/live").statusCode());
    bus.publish(new Changed("database", Status.HEALTHY, ""));
    assertEquals(200, get("/health/ready").statusCode());
  }

  @Test
  void aBoardThatDoesNotRunIsNotAlive() throws Exception {
    for (String path : Set.of("/health/live", "/health/ready")) {
      HttpResponse<String> response = get(path);
      assertEquals(503, response.statusCode());
      assertEquals("down", body(response).get("status").asText());
    }
  }
}
