package io.selfheal.demo;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Listens to the agent's live feed as any client would, and keeps what it heard. */
final class DemoFeed implements AutoCloseable {
  private static final String QUERY =
      "?types=agent.*,breaker.*,component.*,healing.*,incident.*,job.*,journal.*,sweep.*,"
          + "worker.found,worker.lost,worker.recovered,worker.started,worker.stopped,"
          + "worker.unresponsive";

  private final URI address;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final List<JsonNode> heard = new ArrayList<>();
  private String position = "";

  DemoFeed(int port) {
    this.address = URI.create("ws://127.0.0.1:" + port + "/api/v1/events/ws" + QUERY);
  }

  /** Connects, behind the last event that was heard. */
  void connect() throws IOException, InterruptedException {
    URI from = position.isEmpty() ? address : URI.create(address + "&since=" + position);
    try {
      http.newWebSocketBuilder().subprotocols("selfheal.plain").buildAsync(from, new Ear()).get();
    } catch (ExecutionException failure) {
      throw new IOException("the live feed at " + from + " cannot be had", failure.getCause());
    }
  }

  /** The first event from {@code since} on that fits, waiting for it at most {@code limit}. */
  synchronized Optional<JsonNode> await(Instant since, Duration limit, Predicate<JsonNode> fits)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    int next = 0;
    while (true) {
      for (; next < heard.size(); next++) {
        JsonNode event = heard.get(next);
        if (!time(event).isBefore(since) && fits.test(event)) {
          return Optional.of(event);
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
  }

  /** An event of a type, whose subject begins so. */
  static Predicate<JsonNode> event(String type, String subject) {
    return event ->
        event.path("type").asText().equals(type)
            && event.path("subject").asText().startsWith(subject);
  }

  /** When the agent recorded it; the same machine, so the same clock. */
  static Instant time(JsonNode event) {
    return Instant.parse(event.path("time").asText());
  }

  private synchronized void hear(String json) {
    try {
      JsonNode event = Json.mapper().readTree(json);
      if (event.has("type")) {
        heard.add(event);
        position = event.path("epoch").asText() + ":" + event.path("offset").asText();
        notifyAll();
      }
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("the live feed sent what is not JSON: " + json, broken);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** Gathers the parts of each frame. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder frame = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      frame.append(data);
      if (last) {
        hear(frame.toString());
        frame.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
