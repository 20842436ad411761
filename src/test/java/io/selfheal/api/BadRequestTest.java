package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.api.Running.Answer;
import io.selfheal.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bad request: its own clear problem, and no owner is asked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestTest {
  private static final String PAUSE = "/api/v1/healing/pause";
  private static final String BEAT = "/api/v1/workers/images/heartbeat";

  private Running running;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    running = new Running(dir);
  }

  @AfterAll
  void stop() throws Exception {
    running.close();
  }

  @AfterEach
  void nobodyWasAsked() {
    assertEquals(List.of(), running.answerers.asked);
  }

  private static JsonNode problem(Answer answer, int status, String type) throws Exception {
    assertEquals(status, answer.status(), answer.body());
    assertEquals("application/problem+json", answer.header("Content-Type"));
    assertEquals("no-store", answer.header("Cache-Control"));
    JsonNode problem = Json.mapper().readTree(answer.body());
    assertEquals("urn:selfheal:problem:" + type, problem.get("type").asText());
    assertEquals(status, problem.get("status").asInt());
    assertTrue(problem.get("detail").asText().length() > 10, answer.body());
    return problem;
  }

  private static void field(Answer answer, String field, String reason) throws Exception {
    JsonNode error = problem(answer, 400, "invalid-field").get("errors").get(0);
    assertEquals(field, error.get("field").asText());
    assertTrue(error.get("reason").asText().contains(reason), answer.body());
  }

  private Answer send(String request) throws Exception {
    return Running.raw(running.tcp(), request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"reason":"x","why":1}                     | why     | is not known; known are reason, until
          {"reason":7}                               | reason  | must be a text
          {"reason":true}                            | reason  | must be a text
          {"reason":["x"]}                           | reason  | must be a text
          {"reason":null}                            | reason  | is missing
          {}                                         | reason  | is missing
          {"reason":"  "}                            | reason  | is blank
          {"reason":"a\\u0000b"}                     | reason  | control characters
          {"reason":"x","until":"tomorrow"}          | until   | RFC 3339
          {"reason":"x","until":1900000000}          | until   | must be a text
          {"reason":"x","until":"2026-01-31T12:00:00Z"} | until | is in the past
          {"reason":"x","until":"+99999-01-31T12:00:00Z"} | until | after the year 9999
          {"reason":"a\\ud800b"}                     | reason  | half a character
          """)
  void wrongFieldsOfAPause(String body, String field, String reason) throws Exception {
    field(running.post(PAUSE, body), field, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pid":"7"}          | pid      | must be a whole number
          {"pid":1.5}          | pid      | must be a whole number
          {"pid":true}         | pid      | must be a whole number
          {"pid":0}            | pid      | must be from 1 to 4194304
          {"pid":4194305}      | pid      | must be from 1 to 4194304
          {"pid":1e400}        | pid      | must be a whole number
          {"pid":99999999999999999999} | pid | must be a whole number
          {"jobs":"7"}         | jobs     | must be a list
          {"jobs":{}}          | jobs     | must be a list
          {"jobs":[7]}         | jobs[0]  | must be a text
          {"jobs":["a",null]}  | jobs[1]  | is missing
          {"jobs":[["a"]]}     | jobs[0]  | must be a text
          {"progress":{}}      | progress | must be a text
          """)
  void wrongFieldsOfAHeartbeat(String body, String field, String reason) throws Exception {
    field(running.post(BEAT, body), field, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                         | type        | is missing
          {"type":7}                                 | type        | must be a text
          {"type":"x","category":"bad"}              | category    | one of transient, resource
          {"type":"x","context":{"a":null}}          | context.a   | must be a text
          {"type":"x","context":[]}                  | context     | must be of its type
          {"type":"x","occurred_at":"today"}         | occurred_at | RFC 3339
          {"type":"x","message":"a\\u0000b"}         | message     | NUL
          {"type":"x","component":"a\\nb"}           | component   | control characters
          """)
  void wrongFieldsOfAnError(String body, String field, String reason) throws Exception {
    field(running.post("/api/v1/errors", body), field, reason);
  }

  @Test
  void servicesAreReachedByWorkersOnlyAndWithoutTheAgentsToken() throws Exception {
    String path = "/proxy/openai/x";
    problem(running.get(path, "Sec-Fetch-Site: cross-site"), 403, "foreign-origin");
    problem(running.get(path, "Origin: https://evil.example"), 403, "foreign-origin");
    problem(running.get(path, "Host: evil.example"), 403, "foreign-host");
    problem(running.get(path, "Authorization: Bearer " + running.token), 400, "malformed-request");
    problem(running.get("//proxy/openai/x"), 400, "malformed-request");
    problem(running.get("/%70roxy/openai/x"), 400, "malformed-request");
    JsonNode none = problem(running.get(path, "Authorization: Bearer other"), 404, "not-found");
    assertEquals("no route to openai/x", none.get("detail").asText());
  }

  @Test
  void wrongFieldsOfErrors() throws Exception {
    String batch = "/api/v1/errors/batch";
    field(running.post(batch, "{}"), "errors", "at least one");
    field(running.post(batch, "{\"errors\":[]}"), "errors", "at least one");
    field(running.post(batch, "{\"errors\":[{\"type\":\"x\"},{}]}"), "errors[1].type", "missing");
    field(running.post(batch, "{\"errors\":[null]}"), "errors[0]", "must be an object");
  }

  @Test
  void tooLongFields() throws Exception {
    field(
        running.post(PAUSE, "{\"reason\":\"" + "x".repeat(1001) + "\"}"),
        "reason",
        "has 1001 characters, allowed are 1000");
    field(
        running.post(BEAT, "{\"jobs\":[" + "\"1\",".repeat(1000) + "\"1\"]}"),
        "jobs",
        "has 1001 entries, allowed are 1000");
  }

  @Test
  void everyWrongFieldIsNamed() throws Exception {
    Answer answer =
        running.post(BEAT, "{\"pid\":0,\"jobs\":[\"\",\"x\"],\"progress\":\"\\u0007\"}");
    JsonNode errors = problem(answer, 400, "invalid-field").get("errors");
    assertEquals(3, errors.size(), answer.body());
  }

  @Test
  void wrongValuesOfASweep() throws Exception {
    field(running.post("/api/v1/jobs/sweep", "{\"dry_run\":\"yes\"}"), "dry_run", "true or false");
    field(running.post("/api/v1/jobs/sweep", "{\"dry_run\":\"true\"}"), "dry_run", "true or false");
    field(running.post("/api/v1/jobs/sweep", "{\"dry_run\":1}"), "dry_run", "true or false");
    field(running.post("/api/v1/jobs/sweep", "{\"source\":\"\"}"), "source", "is blank");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"reason":"x"          | line 1
          {"reason":"x",}        | line 1, column 15
          reason=x               | line 1, column 8
          {"reason":"x"} {}      | line 1
          {"reason":"x"}]        | line 1
          {"reason":"x","reason":"y"} | Duplicate
          {'reason':'x'}         | line 1
          []                     | one JSON object
          7                      | one JSON object
          "x"                    | one JSON object
          null                   | one JSON object
          {"reason":NaN}         | line 1
          """)
  void malformedJson(String body, String detail) throws Exception {
    JsonNode problem = problem(running.post(PAUSE, body), 400, "malformed-json");
    assertTrue(problem.get("detail").asText().contains(detail), problem.toString());
  }

  @Test
  void deepNesting() throws Exception {
    String body = "{\"reason\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    assertEquals(400, running.post(PAUSE, body).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/v1/agent?x=1                | x       | is not a known parameter; none is
          /api/v1/jobs/stuck?sorce=a       | sorce   | known are limit, source
          /api/v1/jobs/stuck?limit=0       | limit   | from 1 to 500
          /api/v1/jobs/stuck?limit=501     | limit   | from 1 to 500
          /api/v1/jobs/stuck?limit=ten     | limit   | from 1 to 500
          /api/v1/jobs/stuck?limit=1&limit=2 | limit | more than once
          /api/v1/incidents?open=maybe     | open    | true or false
          /api/v1/incidents?cursor=7       | cursor  | page before
          /api/v1/incidents/7              | id      | must be a UUID
          /api/v1/events?since=7           | since   | EPOCH:OFFSET
          /api/v1/events?since=7:9999999999999999999 | since | EPOCH:OFFSET
          /api/v1/events?types=a,,b        | types   | worker.lost
          /api/v1/events?types=*.lost      | types   | worker.lost
          /api/v1/events?ending=7          | ending  | that begins with job/
          /api/v1/events?ending=7&subject=job/a/&since=1:1 | ending | that begins with job/
          /api/v1/events?incident=7        | incident | must be a UUID
          /api/v1/events?incident=01890000-0000-7000-8000-000000000001&since=1:1 | since | does not go with
          """)
  void wrongParameters(String target, String field, String reason) throws Exception {
    field(running.get(target), field, reason);
  }

  @Test
  void aSourceThatIsNotThere() throws Exception {
    Answer sweep = running.post("/api/v1/jobs/sweep", "{\"source\":\"other\"}");
    Answer stuck = running.get("/api/v1/jobs/stuck?source=other");
    assertEquals(2, running.answerers.asked.size());
    running.answerers.asked.clear();
    field(sweep, "source", "configured are [images]");
    field(stuck, "source", "configured are [images]");
  }

  @Test
  void aWorkerIdThatIsNone() throws Exception {
    field(running.post("/api/v1/workers/..%2Fx/heartbeat", "{}"), "id", "a-z");
    field(running.post("/api/v1/workers/" + "x".repeat(65) + "/heartbeat", "{}"), "id", "64");
    field(running.post("/api/v1/workers/images.1/heartbeat", "{}"), "id", "pid");
  }

  @Test
  void aPathThatIsNot() throws Exception {
    assertEquals(200, running.get("/..").status(), "it is the root, and that is the page");
    problem(running.get("/api/v1/nothing"), 404, "not-found");
    problem(running.get("/api/v2/agent"), 404, "not-found");
    problem(running.get("/../../etc/passwd"), 404, "not-found");
    problem(running.get("/%2e%2e/openapi/selfheal.yaml"), 404, "not-found");
    problem(running.get("/..%2fopenapi%2fselfheal.yaml"), 404, "not-found");
    problem(running.get("/io/selfheal/api/HttpApi.class"), 404, "not-found");
    problem(running.get("/.hidden.txt"), 404, "not-found");
  }

  @Test
  void aPathThatIsNotWellFormed() throws Exception {
    problem(running.get("/api/v1/workers/%zz"), 400, "malformed-request");
    problem(running.get("/api/v1/jobs/stuck?source=%zz"), 400, "malformed-request");
    problem(running.get("http://127.0.0.1/api/v1/agent"), 400, "malformed-request");
  }

  @Test
  void wrongMethods() throws Exception {
    for (String method : List.of("DELETE", "PUT", "OPTIONS", "PATCH", "TRACE")) {
      Answer answer = send(running.request(method, "/api/v1/agent", ""));
      problem(answer, 405, "wrong-method");
      assertEquals("GET, HEAD", answer.header("Allow"));
    }
    Answer answer = running.get(PAUSE);
    problem(answer, 405, "wrong-method");
    assertEquals("POST", answer.header("Allow"));
  }

  @Test
  void wrongMediaTypes() throws Exception {
    problem(running.get("/api/v1/agent", "Accept: text/html"), 406, "not-acceptable");
    problem(running.get("/api/v1/agent", "Accept: application/json;q=0"), 406, "not-acceptable");
    assertEquals(415, post("Content-Type: text/plain").status());
    assertEquals(415, post("Content-Type: application/json; charset=utf-16").status());
    assertEquals(415, post("X: y").status());
    Answer zipped = running.post(PAUSE, "{}", "Content-Encoding: gzip");
    problem(zipped, 415, "not-json");
  }

  private Answer post(String header) throws Exception {
    return send(
        running.request(
            "POST", PAUSE, "{\"reason\":\"x\"}", header, "Authorization: Bearer " + running.token));
  }

  @Test
  void withoutToken() throws Exception {
    Answer answer = send(running.request("POST", PAUSE, "{}", "Content-Type: application/json"));
    problem(answer, 401, "token-missing");
    assertTrue(answer.header("WWW-Authenticate").startsWith("Bearer"));
  }

  @ParameterizedTest
  @CsvSource({"Bearer x", "Bearer", "Basic eDp4", "'Bearer '", "Bearer TOKENx", "Bearer UPPER"})
  void wrongTokens(String authorization) throws Exception {
    String shown =
        authorization
            .replace("TOKEN", running.token)
            .replace("UPPER", running.token.replace(running.token.charAt(0), 'X'));
    for (String target : List.of(PAUSE, BEAT, "/api/v1/jobs/sweep", "/api/v1/healing/resume")) {
      Answer answer =
          send(
              running.request(
                  "POST",
                  target,
                  "{}",
                  "Content-Type: application/json",
                  "Authorization: " + shown));
      problem(answer, 401, "token-wrong");
      assertTrue(answer.header("WWW-Authenticate").contains("invalid_token"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost:1",
    "localhost.",
    "'127.0.0.1:'",
    "user@localhost",
    "127.0.0.1 evil",
    "2130706433",
    "''"
  })
  void foreignHosts(String host) throws Exception {
    for (String target : List.of("/", "/api/v1/agent", "/metrics", "/health/live", "/nothing")) {
      problem(running.get(target, "Host: " + host), 403, "foreign-host");
    }
  }

  @Test
  void noHostOrTwo() throws Exception {
    problem(send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400, "malformed-request");
    problem(
        running.get("/", "Host: " + running.host(), "Host: evil.example"),
        400,
        "malformed-request");
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example",
    "null",
    "http://127.0.0.1",
    "http://localhost:1",
    "https://127.0.0.1:PORT",
    "http://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT.evil.example",
    "''"
  })
  void foreignOrigins(String origin) throws Exception {
    String header = "Origin: " + origin.replace("PORT", "" + running.api.port());
    problem(running.post(PAUSE, "{\"reason\":\"x\"}", header), 403, "foreign-origin");
    problem(running.post(BEAT, "{}", header), 403, "foreign-origin");
  }

  @Test
  void aBodyOfTwoMebibytes() throws Exception {
    String big = "{\"reason\":\"" + "x".repeat(2 << 20) + "\"}";
    problem(running.post(PAUSE, big), 413, "body-too-large");
  }

  @Test
  void aChunkedBodyOfTwoMebibytes() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String head =
        "POST "
            + PAUSE
            + " HTTP/1.1\r\nHost: "
            + running.host()
            + "\r\nAuthorization: Bearer "
            + running.token
            + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n";
    problem(send(head + chunk.repeat(32) + "0\r\n\r\n"), 413, "body-too-large");
  }

  @Test
  void aBadChunkEndsTheConnection() throws Exception {
    String head =
        "POST "
            + PAUSE
            + " HTTP/1.1\r\nHost: "
            + running.host()
            + "\r\nAuthorization: Bearer "
            + running.token
            + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    // What follows a bad chunk cannot be told from a smuggled request: nothing is answered.
    assertThrows(AssertionError.class, () -> send(head + "zz\r\n{}\r\n0\r\n\r\n"));
  }

  @Test
  void tooLongLinesAndHeaders() throws Exception {
    problem(running.get("/" + "x".repeat(9000)), 414, "target-too-long");
    problem(running.get("/", "X: " + "x".repeat(17_000)), 431, "headers-too-large");
  }

  @Test
  void notHttp() throws Exception {
    problem(send("hello\r\n\r\n"), 400, "malformed-request");
  }
}
