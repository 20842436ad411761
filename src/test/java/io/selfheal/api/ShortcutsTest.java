package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.api.Gate.Access;
import io.selfheal.api.Running.Answer;
import io.selfheal.api.Shortcuts.Found;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way finds what is written plainly, and whoever comes by it meets the same rules. */
class ShortcutsTest {
  private static final String PERMITS = "/api/v1/services/openai/permits";

  @TempDir private static Path dataDir;
  private static Running running;

  private final Shortcuts shortcuts =
      new Shortcuts(
          List.of(
              post("/a/{one}/b"),
              post("/a/fixed"),
              post("/a/{one}"),
              post("/a/{one}/c/{two}"),
              Endpoint.get("/a/read", Set.of(), ShortcutsTest::answer),
              Endpoint.mounted("/a/page", Access.OPEN, context -> {})));

  @BeforeAll
  static void start() throws Exception {
    running = new Running(dataDir);
  }

  @AfterAll
  static void stop() throws Exception {
    running.close();
  }

  private static Endpoint post(String path) {
    return Endpoint.post(path, Access.WORKER, ShortcutsTest::answer);
  }

  private static Future<Reply> answer(Call call) {
    return Future.succeededFuture(Reply.json(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /a/x-1_Y/b, /a/{one}/b, x-1_Y",
    "POST, /a/fixed, /a/fixed, ''",
    "POST, /a/other, /a/{one}, other",
    "GET, /a/read, /a/read, ''"
  })
  void findsWhatIsWrittenPlainly(String method, String uri, String path, String value) {
    Found found =
        Objects.requireNonNull(shortcuts.find(HttpMethod.valueOf(method), uri, "*/*"), uri);
    assertEquals(path, found.endpoint().path());
    assertEquals(value.isEmpty() ? Map.of() : Map.of("one", value), found.path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/",
        "/a//b",
        "/a/../b",
        "/a/x.y",
        "/a/%78/b",
        "/a/x/b?",
        "/a/x?y=1",
        "/a/fixed/",
        "//a/fixed",
        "/A/fixed",
        "/a/x/c/y",
        "/a/é",
        "/b",
        "/"
      })
  void leavesTheRestToTheRouter(String uri) {
    assertNull(shortcuts.find(HttpMethod.POST, uri, null));
  }

  @Test
  void leavesOtherMethodsAndMediaTypesAndPagesToTheRouter() {
    assertNull(shortcuts.find(HttpMethod.PUT, "/a/fixed", null));
    assertNull(shortcuts.find(HttpMethod.HEAD, "/a/read", null));
    assertNull(shortcuts.find(HttpMethod.GET, "/a/page", null));
    assertNull(shortcuts.find(HttpMethod.POST, "/a/fixed", "text/html"));
  }

  /** Whatever a request is, its answer is the same on the way that the header Accept leads to. */
  static Stream<String> requests() {
    String token = "Authorization: Bearer " + running.token;
    String json = "Content-Type: application/json";
    return Stream.of(
        running.request("POST", PERMITS, "{}", token, json),
        running.request("POST", PERMITS, "", token),
        running.request("POST", PERMITS, "{\"cost\": -1}", token, json),
        running.request("POST", PERMITS, "{", token, json),
        running.request("POST", PERMITS, "{}", token, "Content-Type: text/plain"),
        running.request("POST", PERMITS, "{}", token, json, "Content-Encoding: gzip"),
        running.request("POST", PERMITS, " ".repeat(Inflow.LIMIT + 1), token, json),
        running.request("POST", PERMITS, "{}", json),
        running.request("POST", PERMITS, "{}", json, "Authorization: Bearer wrong"),
        running.request("POST", PERMITS, "{}", token, json, "Origin: http://evil.example"),
        running.request("POST", PERMITS, "{}", token, json, "Host: evil.example"),
        running.request("POST", "/api/v1/services/nobody/permits", "{}", token, json),
        running.request("POST", "/api/v1/permits/x/report", "{\"outcome\":\"odd\"}", token, json),
        running.request("GET", "/api/v1/services", ""),
        running.request("GET", "/api/v1/services/openai", ""));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void theRulesAreThoseOfTheRouter(String request) throws Exception {
    String slow = request.replaceFirst("\r\n", "\r\nAccept: application/json\r\n");
    Answer expected = Running.raw(running.tcp(), slow);
    Answer found = Running.raw(running.tcp(), request);
    assertEquals(expected.head(), found.head());
    assertEquals(nameless(expected.body()), nameless(found.body()));
  }

  /** Each occurrence of a failure has its own name; how long these are stands in the head. */
  private static String nameless(String body) {
    return body.replaceAll("urn:uuid:[-0-9a-f]{36}", "one");
  }
}
