package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real agents on one database guard the same services, one of them killed with -9. */
@Timeout(180)
class SharedServicesTest {
  private static final int CLIENTS_OF_EACH = 4;
  private static final BigDecimal AMOUNT = new BigDecimal(5);
  private static final int AFFORDABLE = 500;

  @TempDir private Path directory;
  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  private AgentUnderTest agent(String name, String database) throws IOException {
    String services =
        """
        database: { url: "%s" }
        services:
          - name: paid
            budget: { amount: 5.00, currency: USD, per: month }
          - name: shaky
            breaker: { open_for: 1h, shared: { quorum: 1 } }
        """;
    return AgentUnderTest.configured(directory, name, services.formatted(database));
  }

  private static JsonNode permit(AgentUnderTest agent, String service, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = agent.post("/api/v1/services/" + service + "/permits", body);
    return Json.mapper().readTree(answer.body());
  }

  private static void report(AgentUnderTest agent, JsonNode permit, String body)
      throws IOException, InterruptedException {
    String path = "/api/v1/permits/" + permit.path("permit").asText() + "/report";
    assertEquals(200, agent.post(path, body).statusCode());
  }

  /** Spends until all is spent; an agent that is away is asked again. */
  private Void spend(AgentUnderTest agent) throws InterruptedException {
    while (!over.get()) {
      try {
        JsonNode permit = permit(agent, "paid", "{\"cost\":0.01}");
        if (permit.has("permit")) {
          granted.incrementAndGet();
          report(agent, permit, "{\"outcome\":\"success\"}");
        } else {
          assertEquals("budget_exhausted", permit.path("reason").asText(), permit.toString());
          Thread.onSpinWait();
        }
      } catch (IOException away) {
        Thread.onSpinWait();
      }
    }
    return null;
  }

  /** By both agents, as one of them knows it. */
  private static BigDecimal spent(AgentUnderTest agent) throws Exception {
    JsonNode budget = agent.json("/api/v1/services/paid").path("budget");
    return budget.path("spent").decimalValue().add(budget.path("elsewhere").decimalValue());
  }

  @Test
  void aBudgetIsSpentOnceAndAnOpenBreakerIsKnownToBoth() throws Exception {
    String database = TestPostgres.freshDatabase().reveal();
    try (AgentUnderTest one = agent("one", database);
        AgentUnderTest two = agent("two", database);
        ExecutorService clients = Executors.newFixedThreadPool(2 * CLIENTS_OF_EACH)) {
      one.start();
      two.startReady();
      one.awaitReady();
      List<Future<Void>> spending = new ArrayList<>();
      for (int i = 0; i < CLIENTS_OF_EACH; i++) {
        spending.add(clients.submit(() -> spend(one)));
        spending.add(clients.submit(() -> spend(two)));
      }
      try {
        two.await("spending", () -> granted.get() > AFFORDABLE / 4);
        one.kill();
        one.startReady();
        for (AgentUnderTest agent : List.of(one, two)) {
          agent.await("all is spent", () -> spent(agent).compareTo(AMOUNT) == 0);
        }
      } finally {
        over.set(true);
      }
      for (Future<Void> client : spending) {
        client.get();
      }
      // A permit whose answer was lost with the agent counts as spent.
      assertTrue(granted.get() <= AFFORDABLE, granted + " granted");
      assertTrue(granted.get() >= AFFORDABLE - CLIENTS_OF_EACH, granted + " granted");
      anOpenBreakerIsKnownToBoth(one, two);
    }
  }

  private static void anOpenBreakerIsKnownToBoth(AgentUnderTest one, AgentUnderTest two)
      throws Exception {
    for (int i = 0; i < 5; i++) {
      report(one, permit(one, "shaky", "{}"), "{\"outcome\":\"failure\"}");
    }
    two.await("refused by the other, too", () -> permit(two, "shaky", "{}").has("reason"));
    JsonNode refused = permit(two, "shaky", "{}");
    assertEquals("breaker_open", refused.path("reason").asText());
    assertTrue(refused.path("detail").asText().contains("agent"), refused.toString());
    assertTrue(two.run("services").out().contains(" by other agents, exhausted"));
  }
}
