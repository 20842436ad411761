package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.api.Running.Answer;
import io.selfheal.json.Json;
import io.selfheal.message.BreakerState;
import io.selfheal.message.ErrorCategory;
import io.selfheal.message.Outcome;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.PermitAnswers;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Receipts;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Reports;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.Request;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.Breaker;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceAnswer;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.ListServices;
import io.selfheal.message.ServiceRequests.Services;
import io.selfheal.message.ServiceRequests.Unknown;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services, permits and reports: what is asked of the owner, and what a worker reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceRoutesTest {
  private static final String PERMITS = "/api/v1/services/openai/permits";
  private static final String REPORTS = "/api/v1/permits/reports";
  private static final Breaker BREAKER =
      new Breaker(BreakerState.CLOSED, Answerers.START, null, 3, 0, null, null, 1);

  private final List<Object> asked = new CopyOnWriteArrayList<>();
  private Running running;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    running = new Running(dir);
    answer(ServiceRequests.LIST, q -> new Services(List.of()));
    answer(ServiceRequests.READ, q -> new Unknown(q.service(), List.of("openai")));
    answer(PermitRequests.PERMIT, ServiceRoutesTest::permit);
    answer(
        PermitRequests.PERMITS,
        all -> new PermitAnswers(all.permits().stream().map(ServiceRoutesTest::permit).toList()));
    answer(
        PermitRequests.REPORT,
        all -> new Receipts(all.reports().stream().map(ServiceRoutesTest::receipt).toList()));
    answer(ServiceRequests.FORCE, ServiceRoutesTest::forced);
  }

  private <Q, R> void answer(Request<Q, R> request, Function<Q, R> reply) {
    running.bus.answer(
        request,
        question -> {
          asked.add(question);
          return Future.succeededFuture(reply.apply(question));
        });
  }

  private static PermitAnswer permit(AskPermit query) {
    return switch (query.service()) {
      case "openai" -> new Granted(query.dryRun() ? null : "p1", Answerers.START, false);
      case "other" -> new Unknown("other", List.of());
      case "open" -> refused(Reason.BREAKER_OPEN, "openai");
      default -> refused(Reason.RATE_LIMITED, null);
    };
  }

  private static Refused refused(Reason reason, String alternative) {
    return new Refused(reason, Duration.ofMillis(1200), "why it is so", alternative);
  }

  private static Receipt receipt(Report report) {
    return report.permit().equals("old")
        ? new Receipt(false, Uncounted.UNKNOWN_PERMIT)
        : new Receipt(true, null);
  }

  private static ForceAnswer forced(Force force) {
    Outcome outcome = force.service().equals("openai") ? Outcome.DONE : Outcome.REFUSED;
    return new ForceDone(outcome, "said", BREAKER);
  }

  @AfterAll
  void stop() throws Exception {
    running.close();
  }

  @BeforeEach
  void forget() {
    asked.clear();
  }

  private void asked(Object... questions) {
    assertEquals(List.of(questions), asked);
  }

  private static JsonNode json(Answer answer, int status) throws Exception {
    assertEquals(status, answer.status(), answer.body());
    return Json.mapper().readTree(answer.body());
  }

  @Test
  void theServicesOfAKind() throws Exception {
    assertEquals("{\"services\":[]}", running.get("/api/v1/services?kind=ai").body());
    asked(new ListServices("ai"));
  }

  @Test
  void aServiceThatIsNotThere() throws Exception {
    JsonNode problem = json(running.get("/api/v1/services/openia"), 404);
    assertEquals("no service has this name; did you mean openai?", problem.path("detail").asText());
    assertEquals(404, running.post("/api/v1/services/other/permits", "{}").status());
  }

  @Test
  void aPermit() throws Exception {
    JsonNode granted =
        json(running.post(PERMITS, "{\"cost\":0.000123,\"tokens\":90,\"retry\":true}"), 201);
    assertEquals("p1", granted.path("permit").asText());
    assertEquals("2026-01-31T12:00:00Z", granted.path("expires_at").asText());
    assertTrue(json(running.post(PERMITS, "{\"dry_run\":true}"), 200).path("permit").isNull());
    asked(
        new AskPermit("openai", 123, 90, false, true), new AskPermit("openai", 0, 0, true, false));
  }

  @Test
  void aRefusalSaysWhyAndWhenToComeBack() throws Exception {
    Answer answer = running.post("/api/v1/services/open/permits", "{}");
    JsonNode problem = json(answer, 503);
    assertEquals("application/problem+json", answer.header("Content-Type"));
    assertEquals("2", answer.header("Retry-After"));
    assertEquals("urn:selfheal:problem:breaker-open", problem.path("type").asText());
    assertEquals("breaker_open", problem.path("reason").asText());
    assertEquals(1200, problem.path("retry_after_ms").asLong());
    assertEquals("openai", problem.path("alternative").asText());
    JsonNode limited = json(running.post("/api/v1/services/busy/permits", "{}"), 429);
    assertEquals("rate_limited", limited.path("reason").asText());
    assertTrue(limited.path("alternative").isMissingNode());
  }

  @Test
  void permitsByTheBatch() throws Exception {
    String body =
        "{\"permits\":[{\"service\":\"openai\",\"cost\":1},{\"service\":\"open\"},"
            + "{\"service\":\"other\"}]}";
    JsonNode all = json(running.post("/api/v1/permits", body), 200).path("answers");
    assertEquals("p1", all.get(0).path("permit").asText());
    assertTrue(all.get(0).path("granted").asBoolean());
    assertEquals("breaker_open", all.get(1).path("reason").asText());
    assertEquals(1200, all.get(1).path("retry_after_ms").asLong());
    assertTrue(all.get(2).path("detail").asText().startsWith("no service has this name"));
    assertTrue(all.get(2).path("reason").isNull());
  }

  @Test
  void overTheUnixSocketNoTokenIsNeeded() throws Exception {
    String request = running.request("POST", PERMITS, "{}", "Content-Type: application/json");
    assertEquals(201, Running.raw(running.unix(), request).status());
    assertEquals(401, Running.raw(running.tcp(), request).status());
  }

  @Test
  void aReport() throws Exception {
    String body =
        "{\"outcome\":\"failure\",\"duration_ms\":350,\"cost\":1.5,\"error\":"
            + "{\"category\":\"transient\",\"status\":503,\"code\":\"UNAVAILABLE\","
            + "\"message\":\"a\\nb\",\"retry_after_ms\":9000}}";
    Answer answer = running.post("/api/v1/permits/p1/report", body);
    assertEquals("{\"counted\":true,\"reason\":null}", answer.body());
    CallError error =
        new CallError(
            ErrorCategory.TRANSIENT,
            OptionalInt.of(503),
            "UNAVAILABLE",
            "a\nb",
            Duration.ofSeconds(9));
    asked(
        new Reports(
            List.of(
                new Report(
                    "p1",
                    CallOutcome.FAILURE,
                    Duration.ofMillis(350),
                    OptionalLong.of(1_500_000),
                    error))));
  }

  @Test
  void aReportOfAPermitThatNobodyKnows() throws Exception {
    String success = "{\"outcome\":\"success\"}";
    JsonNode problem = json(running.post("/api/v1/permits/old/report", success), 404);
    assertTrue(problem.path("detail").asText().contains("no permit"), problem.toString());
  }

  @Test
  void severalReports() throws Exception {
    String body =
        "{\"reports\":[{\"permit\":\"p1\",\"outcome\":\"success\"},"
            + "{\"permit\":\"old\",\"outcome\":\"ignored\"}]}";
    assertEquals(
        "{\"receipts\":[{\"counted\":true,\"reason\":null},"
            + "{\"counted\":false,\"reason\":\"unknown_permit\"}]}",
        running.post(REPORTS, body).body());
    asked(
        new Reports(
            List.of(
                new Report("p1", CallOutcome.SUCCESS, null, OptionalLong.empty(), null),
                new Report("old", CallOutcome.IGNORED, null, OptionalLong.empty(), null))));
  }

  @Test
  void aPersonsHand() throws Exception {
    String body =
        "{\"state\":\"forced_open\",\"reason\":\"move\",\"until\":\"30m\",\"author\":\"kim\"}";
    JsonNode done = json(running.post("/api/v1/services/openai/breaker", body), 200);
    assertEquals("closed", done.path("breaker").path("state").asText());
    assertEquals(409, running.post("/api/v1/services/other/breaker", body).status());
    assertEquals(
        new Force(
            "openai",
            Hand.FORCED_OPEN,
            "move",
            "kim",
            Answerers.START.plus(Duration.ofMinutes(30))),
        asked.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          services/openai/permits | {"cost":-1}                 | cost    | from 0 to 1000000000
          services/openai/permits | {"cost":1e308}              | cost    | from 0 to 1000000000
          services/openai/permits | {"cost":"1"}                | cost    | must be a number
          services/openai/permits | {"tokens":-1}               | tokens  | from 0
          services/openai/permits | {"tokens":1.5}              | tokens  | whole number
          services/openai/permits | {"costs":1}                 | costs   | is not known
          permits/p1/report       | {}                          | outcome | is missing
          permits/p1/report       | {"outcome":"good"}          | outcome | success, failure, ignored
          permits/p1/report       | {"outcome":"success","duration_ms":-1}   | duration_ms | from 0
          permits/p1/report       | {"outcome":"success","cost":-0.1}        | cost   | from 0
          permits/p1/report       | {"outcome":"success","error":{}}         | error  | failure only
          permits/p1/report       | {"outcome":"success","permit":"p2"}      | permit | another
          permits/p1/report       | {"outcome":"failure","error":{"status":7}} | error.status | 599
          permits/p1/report       | {"outcome":"failure","error":{"category":"x"}} | error.category | one of
          permits                 | {}                          | permits | at least one
          permits                 | {"permits":[{}]}            | permits[0].service | missing
          permits                 | {"permits":[{"service":"a","cost":-1}]} | permits[0].cost | from 0
          permits/reports         | {}                          | reports | at least one
          permits/reports         | {"reports":[{"outcome":"success"}]} | reports[0].permit | missing
          permits/reports         | {"reports":[null]}          | reports[0] | an object
          services/openai/breaker | {"reason":"x"}              | state   | is missing
          services/openai/breaker | {"state":"open","reason":"x"} | state | reset, forced_open
          services/openai/breaker | {"state":"reset"}           | reason  | is missing
          services/openai/breaker | {"state":"reset","reason":"x","until":"1h"} | until | goes with
          """)
  void wrongFields(String path, String body, String field, String reason) throws Exception {
    JsonNode error = json(running.post("/api/v1/" + path, body), 400).path("errors").get(0);
    assertEquals(field, error.path("field").asText());
    assertTrue(error.path("reason").asText().contains(reason), error.toString());
    asked();
  }

  @Test
  void notANumberIsNotJson() throws Exception {
    assertEquals(400, running.post(PERMITS, "{\"cost\":NaN}").status());
    assertEquals(400, running.post(PERMITS, "{\"cost\":Infinity}").status());
    asked();
  }
}
