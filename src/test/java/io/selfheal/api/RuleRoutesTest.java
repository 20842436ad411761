package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.api.Running.Answer;
import io.selfheal.json.Json;
import io.selfheal.message.AgentRequests.Reload;
import io.selfheal.message.HealRequests.Decide;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.SymptomRequests.ListRules;
import io.selfheal.message.SymptomRequests.Try;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules, their trial and reload, and a person's answer to an incident. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleRoutesTest {
  private static final String TRY = "/api/v1/rules/low_disk/try";
  private static final String RELOAD = "/api/v1/config/reload";
  private static final String INCIDENT = "/api/v1/incidents/" + Answerers.INCIDENT;

  private Running running;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    running = new Running(dir);
  }

  @AfterAll
  void stop() throws Exception {
    running.close();
  }

  @BeforeEach
  void forget() {
    running.answerers.asked.clear();
    running.answerers.wrongRules = false;
  }

  private void asked(Object... questions) {
    assertEquals(List.of(questions), running.answerers.asked);
  }

  private static JsonNode json(Answer answer, int status) throws Exception {
    assertEquals(status, answer.status(), answer.body());
    return Json.mapper().readTree(answer.body());
  }

  @Test
  void theRulesAndOneOfThem() throws Exception {
    JsonNode all = json(running.get("/api/v1/rules"), 200).path("rules");
    JsonNode one = json(running.get("/api/v1/rules/low_disk"), 200);
    assertEquals(all.get(0), one);
    assertEquals(30_000, one.path("lasting_ms").asLong());
    assertEquals(60_000, one.path("guardrails").path("cooldown_ms").asLong());
  }

  @Test
  void aRuleThatIsNotThereNamesThoseThatAre() throws Exception {
    JsonNode problem = json(running.get("/api/v1/rules/other"), 404);
    assertEquals("no rule has this name; there are low_disk", problem.path("detail").asText());
    assertEquals(404, running.post("/api/v1/rules/other/try", "{}").status());
    asked(new ListRules(), new ListRules());
  }

  @Test
  void aTrialFromATimeOrFromHowFarBack() throws Exception {
    JsonNode tried = json(running.post(TRY, "{\"since\":\"2026-01-30T13:00:00+01:00\"}"), 200);
    assertEquals(3, tried.path("facts").asLong());
    running.post(TRY, "{\"since\":\"12h\"}");
    running.post(TRY, "");
    asked(
        new ListRules(),
        new Try("low_disk", Instant.parse("2026-01-30T12:00:00Z")),
        new ListRules(),
        new Try("low_disk", Answerers.START.minus(Duration.ofHours(12))),
        new ListRules(),
        new Try("low_disk", Answerers.START.minus(Duration.ofDays(7))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"since":"yesterday"}            | since | how far back
          {"since":"999999999999999d"}     | since | within the last ten years
          {"since":"2026-02-01T00:00:00Z"} | since | within the last ten years
          {"since":"1999-02-01T00:00:00Z"} | since | within the last ten years
          {"since":7}                      | since | must be a text
          {"since":" "}                    | since | is blank
          {"until":"7d"}                   | until | known are since
          """)
  void wrongFieldsOfATrial(String body, String field, String reason) throws Exception {
    JsonNode error = json(running.post(TRY, body), 400).path("errors").get(0);
    assertEquals(field, error.path("field").asText());
    assertTrue(error.path("reason").asText().contains(reason), error.toString());
    asked();
  }

  @Test
  void aReloadSaysHowManyRulesAreInForce() throws Exception {
    JsonNode reloaded = json(running.post(RELOAD, "{}"), 200);
    assertEquals(2, reloaded.path("rules").asInt());
    assertEquals(400, running.post(RELOAD, "{\"file\":\"/etc/passwd\"}").status());
    asked(new Reload());
  }

  @Test
  void aReloadOfABadFileNamesAllThatIsWrongWithItsLine() throws Exception {
    running.answerers.wrongRules = true;
    JsonNode problem = json(running.post(RELOAD, ""), 422);
    assertEquals("urn:selfheal:problem:bad-configuration", problem.path("type").asText());
    assertEquals("the rules stay as they are: 2 problems", problem.path("detail").asText());
    JsonNode first = problem.path("errors").get(0);
    assertEquals("rules.yaml:3: rules[0].for", first.path("field").asText());
    assertEquals("\"x\" is wrong; such as 30s", first.path("reason").asText());
    JsonNode second = problem.path("errors").get(1);
    assertEquals("rules.yaml", second.path("field").asText());
    assertEquals("is not UTF-8 text", second.path("reason").asText());
  }

  @Test
  void aPersonApprovesOrRejects() throws Exception {
    JsonNode approved = json(running.post(INCIDENT + "/approve", "{\"reason\":\"fine\"}"), 200);
    assertTrue(approved.path("taken").asBoolean());
    assertEquals(200, running.post(INCIDENT + "/reject", "{\"reason\":\"fine\"}").status());
    asked(
        new Decide(Answerers.INCIDENT, true, "fine"),
        new Decide(Answerers.INCIDENT, false, "fine"));
  }

  @Test
  void anAnswerThatIsNotTakenSaysWhyAndOneToNothingIsNotFound() throws Exception {
    JsonNode refused = json(running.post(INCIDENT + "/approve", "{\"reason\":\"late\"}"), 409);
    assertEquals("it waits for nobody: late", refused.path("detail").asText());
    String other = Answerers.INCIDENT.replace('1', '2');
    String path = "/api/v1/incidents/" + other + "/reject";
    assertEquals(404, running.post(path, "{\"reason\":\"late\"}").status());
    asked(
        new Decide(Answerers.INCIDENT, true, "late"),
        new FindIncident(Answerers.INCIDENT),
        new Decide(other, false, "late"),
        new FindIncident(other));
  }

  @Test
  void anAnswerNeedsItsReasonAndAnId() throws Exception {
    JsonNode missing = json(running.post(INCIDENT + "/approve", "{}"), 400);
    assertEquals("reason", missing.path("errors").get(0).path("field").asText());
    assertEquals(
        400, running.post("/api/v1/incidents/7/approve", "{\"reason\":\"fine\"}").status());
    asked();
  }
}
