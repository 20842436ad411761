package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.selfheal.json.Json;
import io.selfheal.store.TestPostgres;
import io.selfheal.system.AgentUnderTest.Ran;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent that guards services, killed with -9 while workers spend. */
class ServicesTest {
  private static final int CLIENTS = 8;
  private static final BigDecimal COST = new BigDecimal("0.01");

  @TempDir private Path directory;
  private HttpServer origin;
  private final AtomicInteger called = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext(
        "/v1/",
        exchange -> {
          called.incrementAndGet();
          byte[] body = "{\"used\": 3}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.stop(0);
  }

  private AgentUnderTest agent() throws IOException {
    String services =
        """
        database: { url: "%s" }
        services:
          - name: paid
            budget: { amount: 1000.00, currency: USD, per: month }
          - name: through
            budget: { amount: 10.00, currency: USD, per: month }
            proxy: true
            url: http://127.0.0.1:%d/v1
            price: { most: 1, parts: [ { pointer: /used, each: 0.25 } ] }
        """;
    return AgentUnderTest.withSocket(
        directory,
        "agent",
        services.formatted(TestPostgres.freshDatabase().reveal(), origin.getAddress().getPort()));
  }

  /** Spends until the agent is gone; gives how many reports were answered. */
  private static int spend(AgentUnderTest agent) throws InterruptedException {
    int answered = 0;
    try {
      while (true) {
        HttpResponse<String> granted =
            agent.post("/api/v1/services/paid/permits", "{\"cost\":" + COST + "}");
        String permit = Json.mapper().readTree(granted.body()).path("permit").asText();
        HttpResponse<String> reported =
            agent.post("/api/v1/permits/" + permit + "/report", "{\"outcome\":\"success\"}");
        answered += reported.statusCode() == 200 ? 1 : 0;
      }
    } catch (IOException gone) {
      return answered;
    }
  }

  private static BigDecimal spent(AgentUnderTest agent, String service) throws Exception {
    return agent.json("/api/v1/services/" + service).path("budget").path("spent").decimalValue();
  }

  @Test
  void noBudgetIsForgottenOrSpentTwiceAndWhatAPersonWantsLasts() throws Exception {
    try (AgentUnderTest agent = agent().startReady();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      Callable<Integer> work = () -> spend(agent);
      List<Future<Integer>> spending = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        spending.add(clients.submit(work));
      }
      agent.await("spending", () -> spent(agent, "paid").compareTo(BigDecimal.ONE) > 0);
      Ran opened = agent.run("breaker", "through", "open", "--reason", "moving");
      assertEquals(0, opened.exit(), opened.err());
      agent.kill();
      int answered = 0;
      for (Future<Integer> one : spending) {
        answered += one.get();
      }
      agent.startReady();

      BigDecimal least = COST.multiply(BigDecimal.valueOf(answered));
      BigDecimal most = least.add(COST.multiply(BigDecimal.valueOf(CLIENTS)));
      BigDecimal spent = spent(agent, "paid");
      assertTrue(spent.compareTo(least) >= 0, spent + " of at least " + least);
      assertTrue(spent.compareTo(most) <= 0, spent + " of at most " + most);
      refusedAndThenThrough(agent);
    }
  }

  private void refusedAndThenThrough(AgentUnderTest agent) throws Exception {
    HttpResponse<String> refused = agent.get("/proxy/through/x");
    assertEquals(503, refused.statusCode(), refused.body());
    JsonNode problem = Json.mapper().readTree(refused.body());
    assertEquals("breaker_open", problem.path("reason").asText());
    assertTrue(problem.path("detail").asText().contains("moving"), refused.body());
    assertEquals(0, called.get());

    Ran reset = agent.run("breaker", "through", "reset");
    assertEquals(0, reset.exit(), reset.err());
    // The agent may ask for a larger share of the budget first, which it has together with others.
    agent.await("an answer", () -> agent.get("/proxy/through/x").body().equals("{\"used\": 3}"));
    agent.await("the price", () -> spent(agent, "through").compareTo(new BigDecimal("0.75")) == 0);
    Ran shown = agent.run("services");
    assertTrue(shown.out().contains("0.75 of 10.00 USD a month"), shown.out());
  }
}
