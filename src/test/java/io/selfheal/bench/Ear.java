package io.selfheal.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Listens to the live feed, and keeps the events of each type and subject. */
final class Ear implements WebSocket.Listener, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String QUERY =
      "?types=incident.opened,incident.closed,incident.escalated,worker.lost,worker.started";

  private final HttpClient http = HttpClient.newHttpClient();
  private final StringBuilder frame = new StringBuilder();
  private final Map<String, List<Heard>> all = new HashMap<>();

  /**
   * An event.
   *
   * @param time when the agent recorded it: the same machine, so the same clock
   * @param heardAt when it was read here
   */
  record Heard(Instant time, Instant heardAt, JsonNode data) {}

  /** Connects. */
  static Ear connect(int port) {
    Ear ear = new Ear();
    URI address = URI.create("ws://127.0.0.1:" + port + "/api/v1/events/ws" + QUERY);
    ear.http.newWebSocketBuilder().subprotocols("selfheal.plain").buildAsync(address, ear).join();
    return ear;
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    frame.append(data);
    if (last) {
      hear(frame.toString(), Instant.now());
      frame.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private synchronized void hear(String json, Instant now) {
    try {
      JsonNode event = Json.mapper().readTree(json);
      if (event.has("type")) {
        Instant time = Instant.parse(event.path("time").asText());
        all.computeIfAbsent(
                event.path("type").asText() + " " + event.path("subject").asText(),
                first -> new ArrayList<>())
            .add(new Heard(time, now, event.path("data")));
        notifyAll();
      }
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("the live feed sent what is not JSON: " + json, broken);
    }
  }

  /** The first event of a type and subject that is of {@code since} or later. */
  synchronized Heard await(Instant since, String type, String subject)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      for (Heard heard : all.getOrDefault(type + " " + subject, List.of())) {
        if (!heard.time.isBefore(since)) {
          return heard;
        }
      }
      if (all.containsKey("incident.escalated " + subject)) {
        throw new IOException("the agent gave up on " + subject);
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("no " + type + " of " + subject + " within " + LIMIT);
      }
      wait(left);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
