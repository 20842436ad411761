package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** Asks a running agent. */
final class AgentClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration CHANGE_LIMIT = Duration.ofSeconds(60);

  private static final int BAD_CONFIGURATION = 422;

  private final Cli.Endpoint endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  AgentClient(Cli.Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** An answer with its status. */
  record Answer(int status, JsonNode body) {}

  /** Reads a resource; any status but 200 is a failure that says why. */
  JsonNode get(String path) throws AgentFailure, InterruptedException {
    return wanted("GET " + path, ask(path));
  }

  /**
   * Asks for a change, with the token. Waits longer than a read: a sweep answers when it is done.
   */
  JsonNode post(String path, JsonNode body) throws AgentFailure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint.base("http") + path))
            .timeout(CHANGE_LIMIT)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token())
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)));
    return wanted("POST " + path, send("POST " + path, CHANGE_LIMIT, request.build()));
  }

  private String token() throws AgentFailure {
    try {
      return Files.readString(endpoint.token()).strip();
    } catch (IOException unreadable) {
      throw new AgentFailure(
          Cli.NOT_AUTHORISED,
          "The agent's token cannot be read from "
              + endpoint.token()
              + "; run this as the agent's user, with its --config");
    }
  }

  private static JsonNode wanted(String doing, Answer answer) throws AgentFailure {
    if (answer.status() == 200) {
      return answer.body();
    }
    if (answer.status() == BAD_CONFIGURATION) {
      throw new AgentFailure(Cli.BAD_CONFIGURATION, flaws(answer.body()));
    }
    String title = answer.body().path("title").asText("no reason given");
    String detail = answer.body().path("detail").asText("");
    throw new AgentFailure(
        answer.status() == 401 || answer.status() == 403 ? Cli.NOT_AUTHORISED : Cli.ERROR,
        doing + ": " + answer.status() + " " + title + " " + detail);
  }

  /** As {@code check} tells them: a line each, then how many. */
  private static String flaws(JsonNode problem) {
    StringBuilder text = new StringBuilder();
    for (JsonNode error : problem.path("errors")) {
      text.append(Words.text(error.path("field")))
          .append(": ")
          .append(Words.text(error.path("reason")))
          .append(System.lineSeparator());
    }
    return text.append(Words.text(problem.path("detail"))).append('.').toString();
  }

  /** Reads a resource whatever its status. */
  Answer ask(String path) throws AgentFailure, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint.base("http") + path)).timeout(LIMIT).build();
    return send("GET " + path, LIMIT, request);
  }

  private Answer send(String doing, Duration limit, HttpRequest request)
      throws AgentFailure, InterruptedException {
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), Json.mapper().readTree(response.body()));
    } catch (ConnectException refused) {
      throw AgentFailure.absent(
          "No agent answers at "
              + endpoint.base("http")
              + "; is it running? Start it with: agent.sh run");
    } catch (HttpTimeoutException slow) {
      throw new AgentFailure(Cli.TIMEOUT, doing + ": no answer within " + limit.toSeconds() + " s");
    } catch (IOException broken) {
      throw new AgentFailure(
          Cli.ERROR,
          "What answers at " + endpoint.base("http") + " is not an agent: " + broken.getMessage());
    }
  }

  HttpClient http() {
    return http;
  }

  URI socket(String path) {
    return URI.create(endpoint.base("ws") + path);
  }

  /** A value as one part of a path. */
  static String segment(String value) {
    return encode(value).replace("+", "%20");
  }

  static String encode(String value) {
    return java.net.URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
