package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.selfheal.api.Endpoint.Ask;
import io.selfheal.api.Gate.Access;
import io.selfheal.json.Json;
import io.selfheal.message.AgentRequests;
import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HostRequests;
import io.selfheal.message.HostSample;
import io.selfheal.message.Incident;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.StuckJob;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The document says what the routes do, and the routes do what it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private final Map<?, ?> document = read();
  private Running running;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    running = new Running(dir);
  }

  @AfterAll
  void stop() throws Exception {
    running.close();
  }

  private static Map<?, ?> read() {
    try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi/selfheal.yaml")) {
      return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  /** The value behind a path of keys. */
  private Object at(Object from, String... keys) {
    Object value = from;
    for (String key : keys) {
      value = ((Map<?, ?>) value).get(key);
      assertNotNull(value, () -> String.join(" / ", keys) + ": " + key);
      if (value instanceof Map<?, ?> map && map.get("$ref") instanceof String reference) {
        value = at(document, reference.substring(2).split("/"));
      }
    }
    return value;
  }

  private Map<?, ?> operation(Endpoint endpoint) {
    return (Map<?, ?>)
        at(document, "paths", endpoint.path(), endpoint.method().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void itIsOpenApi31() {
    assertEquals("3.1.0", document.get("openapi"));
  }

  @Test
  void everyRouteIsInTheDocumentAndTheReverse() {
    Set<String> routes =
        running.api.endpoints().stream()
            .map(endpoint -> endpoint.method() + " " + endpoint.path())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> written = new TreeSet<>();
    ((Map<?, ?>) at(document, "paths"))
        .forEach(
            (path, methods) ->
                ((Map<?, ?>) methods)
                    .keySet()
                    .forEach(
                        method ->
                            written.add(method.toString().toUpperCase(Locale.ROOT) + " " + path)));
    assertEquals(written, routes);
  }

  @Test
  void everyParameterIsInTheDocumentAndTheReverse() {
    for (Endpoint endpoint : running.api.endpoints()) {
      Set<String> parameters = new TreeSet<>();
      Object all = operation(endpoint).get("parameters");
      for (Object one : all == null ? List.of() : (List<?>) all) {
        Object parameter = at(Map.of("one", one), "one");
        if (at(parameter, "in").equals("query")) {
          parameters.add((String) at(parameter, "name"));
        }
      }
      assertEquals(parameters, new TreeSet<>(endpoint.query()), endpoint.path());
    }
  }

  @Test
  void everyCallThatNeedsTheTokenSaysSo() {
    for (Endpoint endpoint : running.api.endpoints()) {
      boolean changes = endpoint.access() == Access.CHANGE || endpoint.access() == Access.WORKER;
      assertEquals(changes, operation(endpoint).containsKey("security"), endpoint.path());
    }
  }

  @Test
  void everyAnswerOfOursIsJsonWithASchema() {
    for (Endpoint endpoint : running.api.endpoints()) {
      if (endpoint.action() instanceof Ask) {
        at(operation(endpoint), "responses", "200", "content", "application/json", "schema");
      }
      at(operation(endpoint), "responses", "default");
    }
  }

  static Stream<Class<?>> records() {
    return Stream.of(
        ProblemDetails.class,
        ProblemDetails.FieldError.class,
        WorkerRoutes.HeartbeatBody.class,
        JobRoutes.SweepBody.class,
        ServiceRoutes.BreakerBody.class,
        PermitRoutes.PermitBody.class,
        PermitRoutes.ReportsBody.class,
        PermitRefusal.class,
        PermitBatch.PermitsBody.class,
        PermitBatch.PermitOf.class,
        PermitBatch.PermitResults.class,
        PermitBatch.PermitResult.class,
        ReportBody.class,
        ReportBody.CallErrorBody.class,
        ServiceRequests.Services.class,
        ServiceRequests.Service.class,
        ServiceRequests.Breaker.class,
        ServiceRequests.Rates.class,
        ServiceRequests.Limits.class,
        ServiceRequests.Bucket.class,
        ServiceRequests.Budget.class,
        ServiceRequests.RetryBudget.class,
        ServiceRequests.Durations.class,
        ServiceRequests.Counts.class,
        ServiceRequests.ForceDone.class,
        PermitRequests.Granted.class,
        PermitRequests.Receipts.class,
        PermitRequests.Receipt.class,
        ErrorRoutes.ErrorBody.class,
        ErrorRoutes.ErrorsBody.class,
        ErrorRoutes.TakenError.class,
        ErrorRoutes.TakenErrors.class,
        HealingRoutes.PauseBody.class,
        HealingRoutes.ResumeBody.class,
        AgentRequests.Agent.class,
        AgentRequests.Config.class,
        AgentRequests.Setting.class,
        AgentRequests.Reloaded.class,
        AgentRequests.Flaw.class,
        AgentRoutes.NothingBody.class,
        IncidentRoutes.DecisionBody.class,
        HealRequests.Decided.class,
        RuleRoutes.TryBody.class,
        SymptomRequests.RuleStates.class,
        SymptomRequests.RuleState.class,
        SymptomRequests.RuleGuardrails.class,
        SymptomRequests.Standing.class,
        SymptomRequests.Tried.class,
        SymptomRequests.Occasion.class,
        HostSample.class,
        WorkerRequests.Workers.class,
        WorkerRequests.Worker.class,
        WorkerRequests.Instance.class,
        WorkerRequests.HeartbeatAccepted.class,
        JobRequests.Sources.class,
        JobRequests.Source.class,
        JobRequests.Stuck.class,
        JobRequests.Swept.class,
        StuckJob.class,
        Verdict.class,
        DeadLetterRequests.DeadLetters.class,
        DeadLetter.class,
        DeadLetter.Death.class,
        JournalRequests.Incidents.class,
        Incident.class,
        HealRequests.Switch.class);
  }

  /** So that a component that is added to a record is added to the document. */
  @ParameterizedTest
  @MethodSource("records")
  void everyFieldOfARecordIsInItsSchemaAndTheReverse(Class<?> type) {
    Set<String> written =
        ((Map<?, ?>) at(document, "components", "schemas", type.getSimpleName(), "properties"))
            .keySet().stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(written, fields(type));
  }

  @Test
  void theNewestReadingOfTheHost() {
    assertEquals(Set.of("host"), fields(HostRequests.Newest.class));
  }

  private static Set<String> fields(Class<?> type) {
    return Json.mapper()
        .getSerializationConfig()
        .introspect(Json.mapper().constructType(type))
        .findProperties()
        .stream()
        .map(property -> Objects.requireNonNull(property.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    follow(document);
  }

  private void follow(Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        if (map.get("$ref") instanceof String reference) {
          at(document, reference.substring(2).split("/"));
        }
        new TreeMap<>(map).values().forEach(this::follow);
      }
      case List<?> list -> list.forEach(this::follow);
      case null, default -> {}
    }
  }
}
