package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.api.Running.Answer;
import io.selfheal.message.DeadLetterRequests.ListDeadLetters;
import io.selfheal.message.ErrorCategory;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.ErrorRequests.Report;
import io.selfheal.message.HealRequests.Pause;
import io.selfheal.message.HealRequests.Resume;
import io.selfheal.message.JobRequests.FindJob;
import io.selfheal.message.JobRequests.ListSources;
import io.selfheal.message.JobRequests.ListStuck;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.WorkerRequests.Heartbeat;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each good request: the question that its owner gets, and the answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
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
  }

  private void got(String target, String body) throws Exception {
    Answer answer = running.get(target);
    assertEquals(200, answer.status(), answer.body());
    assertEquals("application/json", answer.header("Content-Type"));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals(body, answer.body());
  }

  private void asked(Object... questions) {
    assertEquals(List.of(questions), running.answerers.asked);
  }

  @Test
  void theAgent() throws Exception {
    got(
        "/api/v1/agent",
        "{\"name\":\"a\",\"version\":\"0.1.0\",\"host\":\"h\",\"pid\":7,"
            + "\"started_at\":\"2026-01-31T12:00:00Z\",\"uptime_ms\":2000,\"cpu_share\":0.01,"
            + "\"rss_bytes\":1,\"heap_bytes\":1,\"events_per_second\":0.5,\"events\":3}");
  }

  @Test
  void theConfiguration() throws Exception {
    got(
        "/api/v1/config",
        "{\"file\":\"agent.yaml\",\"settings\":[{\"key\":\"agent.name\",\"value\":\"auto\","
            + "\"source\":\"default\"}]}");
  }

  @Test
  void theHost() throws Exception {
    got("/api/v1/host", "{\"host\":null}");
  }

  @Test
  void workers() throws Exception {
    String worker =
        "{\"id\":\"images\",\"found\":\"run\",\"owner\":\"agent\",\"wanted\":2,\"processes\":[],\"problem\":null}";
    got("/api/v1/workers", "{\"workers\":[" + worker + "]}");
    got("/api/v1/workers/images", worker);
    assertEquals(404, running.get("/api/v1/workers/other").status());
  }

  @Test
  void aHeartbeat() throws Exception {
    Answer answer =
        running.post(
            "/api/v1/workers/images/heartbeat",
            "{\"pid\":42,\"jobs\":[\"7\"],\"progress\":\"half\"}");
    assertEquals(
        "{\"accepted\":true,\"instance\":\"images.1\",\"problem\":null,\"every_ms\":10000,"
            + "\"drain\":false}",
        answer.body());
    assertEquals(200, running.post("/api/v1/workers/images/heartbeat", "").status());
    asked(
        new Heartbeat("images", OptionalLong.of(42), List.of("7"), "half"),
        new Heartbeat("images", OptionalLong.empty(), List.of(), null));
  }

  @Test
  void aHeartbeatThatDoesNotCountSaysWhy() throws Exception {
    Answer answer = running.post("/api/v1/workers/refused/heartbeat", "{}");
    assertEquals(409, answer.status());
    assertTrue(answer.body().contains("no such process"), answer.body());
  }

  @Test
  void jobs() throws Exception {
    got("/api/v1/jobs/stuck", "{\"sources\":1,\"jobs\":[],\"problems\":{}}");
    got("/api/v1/jobs/stuck?source=images&limit=7", "{\"sources\":1,\"jobs\":[],\"problems\":{}}");
    got("/api/v1/jobs/find?source=images&id=7", "{\"job\":null,\"stuck\":false,\"problem\":null}");
    assertEquals(400, running.get("/api/v1/jobs/find?source=images").status());
    asked(
        new ListStuck(null, 100),
        new ListSources(),
        new ListStuck("images", 7),
        new ListSources(),
        new FindJob("images", "7"));
  }

  @Test
  void deadLetters() throws Exception {
    String page = "{\"dead_letters\":[],\"next\":\"7\"}";
    got("/api/v1/dead-letters", page);
    got("/api/v1/dead-letters?source=images&limit=2&cursor=9", page);
    assertEquals(400, running.get("/api/v1/dead-letters?cursor=x").status());
    asked(new ListDeadLetters(null, null, 100), new ListDeadLetters("images", 9L, 2));
  }

  @Test
  void errors() throws Exception {
    String error =
        "{\"type\":\"ValueError\",\"category\":\"validation\",\"message\":\"a\\nb\","
            + "\"report_id\":\"r-1\"}";
    Answer one = running.post("/api/v1/errors", error);
    assertEquals("{\"error_id\":\"e0\",\"category\":\"validation\"}", one.body());
    Answer two =
        running.post("/api/v1/errors/batch", "{\"errors\":[" + error + ",{\"type\":\"OSError\"}]}");
    assertEquals(
        "{\"errors\":[{\"error_id\":\"e0\",\"category\":\"validation\"},"
            + "{\"error_id\":\"e1\",\"category\":null}]}",
        two.body());
    ErrorReport first =
        new ErrorReport(
            "ValueError",
            "a\nb",
            ErrorCategory.VALIDATION,
            null,
            null,
            null,
            null,
            null,
            Map.of(),
            null,
            null,
            "r-1");
    ErrorReport other =
        new ErrorReport(
            "OSError", null, null, null, null, null, null, null, Map.of(), null, null, null);
    asked(new Report(List.of(first)), new Report(List.of(first, other)));
  }

  @Test
  void sources() throws Exception {
    Answer answer = running.get("/api/v1/jobs/sources");
    assertTrue(answer.body().startsWith("{\"sources\":[{\"name\":\"images\""), answer.body());
  }

  @Test
  void aSweep() throws Exception {
    String body = "{\"source\":\"images\",\"dry_run\":true}";
    Answer answer = running.post("/api/v1/jobs/sweep", body);
    assertTrue(
        answer.body().startsWith("{\"dry_run\":true,\"sources\":1,\"looked\":1,"), answer.body());
    running.post("/api/v1/jobs/sweep", "{}");
    asked(
        new ListSources(),
        new Sweep("images", null, true, null),
        new Sweep(null, null, false, null));
  }

  @Test
  void incidents() throws Exception {
    got(
        "/api/v1/incidents?open=true&limit=500&cursor=" + Answerers.INCIDENT,
        "{\"incidents\":[],\"next\":\"" + Answerers.INCIDENT + "\"}");
    assertEquals(200, running.get("/api/v1/incidents/" + Answerers.INCIDENT).status());
    String other = Answerers.INCIDENT.replace('1', '2');
    assertEquals(404, running.get("/api/v1/incidents/" + other).status());
    asked(
        new ListIncidents(true, Answerers.INCIDENT, 500),
        new FindIncident(Answerers.INCIDENT),
        new FindIncident(other));
  }

  @Test
  void eventsInTheBytesInWhichTheyWereRecorded() throws Exception {
    got(
        "/api/v1/events?since=9:3&types=worker.lost,breaker.*&subject=worker%2Fa&limit=2",
        "{\"events\":[{\"epoch\":9,\"offset\":4,\"raw\": 1.50},"
            + "{\"epoch\":9,\"offset\":5,\"raw\": 1.50}],"
            + "\"since\":\"9:5\",\"more\":false,\"recovered\":true}");
    running.get("/api/v1/events");
    asked(
        new ReadEvents(9, 3, List.of("worker.lost", "breaker.*"), "worker/a", 2),
        new ReadEvents(0, 0, List.of(), null, 100));
  }

  @Test
  void whatBelongsToAnIncidentOrAJobIsFoundWhereverItWasWritten() throws Exception {
    String one =
        "{\"events\":[{\"epoch\":9,\"offset\":4,\"raw\": 1.50}],"
            + "\"since\":\"9:5\",\"more\":false,\"recovered\":true}";
    got("/api/v1/events?incident=" + Answerers.INCIDENT.toUpperCase(Locale.ROOT), one);
    got("/api/v1/events?subject=job%2Fimages%2F42&types=job.*&limit=7", one);
    got("/api/v1/events?subject=job%2Fboss%2F&ending=%227%22%5D", one);
    running.get("/api/v1/events?subject=job%2Fimages%2F42&since=9:3");
    asked(
        new ReadTrace(Answerers.INCIDENT, null, List.of(), 100),
        new ReadTrace(null, "job/images/42", List.of("job.*"), 7),
        new ReadTrace(null, "job/boss/", "\"7\"]", List.of(), 100),
        new ReadEvents(9, 3, List.of(), "job/images/42", 100));
  }

  @Test
  void theSwitch() throws Exception {
    got("/api/v1/healing", "{\"paused\":false,\"reason\":null,\"since\":null,\"until\":null}");
    forget();
    running.post(
        "/api/v1/healing/pause",
        "{\"reason\":\"upgrade\",\"until\":\"2026-01-31T14:00:00+01:00\"}");
    running.post("/api/v1/healing/pause", "{\"reason\":\"upgrade\"}");
    running.post("/api/v1/healing/resume", "{\"reason\":\"done\"}");
    asked(
        new Pause("upgrade", Instant.parse("2026-01-31T13:00:00Z")),
        new Pause("upgrade", null),
        new Resume("done"));
  }

  @Test
  void whatOthersAnswer() throws Exception {
    assertEquals("selfheal_up 1\n", running.get("/metrics").body());
    assertEquals(200, running.get("/health/live").status());
    assertEquals(200, running.get("/health/ready").status());
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    Answer get = running.get("/api/v1/agent");
    Answer head = Running.raw(running.tcp(), running.request("HEAD", "/api/v1/agent", ""));
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(get.header("Content-Length"), head.header("Content-Length"));
  }

  @Test
  void theDocumentIsKeptByItsTag() throws Exception {
    Answer answer = running.get("/api/v1/openapi.yaml");
    assertEquals(200, answer.status());
    assertEquals("application/yaml", answer.header("Content-Type"));
    assertEquals("no-cache", answer.header("Cache-Control"));
    String tag = answer.header("ETag");
    Answer again = running.get("/api/v1/openapi.yaml", "If-None-Match: W/\"x\", " + tag);
    assertEquals(304, again.status());
    assertEquals("", again.body());
  }

  @Test
  void thePagesFilesAreKeptByTheirTag() throws Exception {
    Answer answer = running.get("/probe.txt");
    assertEquals("for the test\n", answer.body());
    assertEquals("text/plain; charset=utf-8", answer.header("Content-Type"));
    assertEquals("no-cache", answer.header("Cache-Control"));
    assertEquals(
        304, running.get("/probe.txt", "If-None-Match: " + answer.header("ETag")).status());
    Answer head = Running.raw(running.tcp(), running.request("HEAD", "/probe.txt", ""));
    assertEquals("13", head.header("Content-Length"));
    Answer post = Running.raw(running.tcp(), running.request("POST", "/probe.txt", ""));
    assertEquals(405, post.status());
    assertEquals("GET, HEAD", post.header("Allow"));
    asked();
  }

  @Test
  void everyAnswerIsGuardedAgainstBrowsers() throws Exception {
    for (String target : List.of("/api/v1/agent", "/nothing", "/metrics")) {
      Answer answer = running.get(target);
      assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none';"));
      assertEquals("nosniff", answer.header("X-Content-Type-Options"));
      assertEquals("no-referrer", answer.header("Referrer-Policy"));
      assertEquals("", answer.header("Access-Control-Allow-Origin"));
    }
  }
}
