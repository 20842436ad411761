package io.selfheal.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Gathers from a running agent what belongs to one incident. */
final class Past {
  private static final int PAGE = 500;

  private final AgentClient client;

  Past(AgentClient client) {
    this.client = client;
  }

  /** {@code incident, cause, events, left, complete}. */
  ObjectNode incident(String wanted) throws AgentFailure, InterruptedException {
    JsonNode incident = new IncidentFinder(client).find(wanted);
    JsonNode page =
        client.get("/api/v1/events?limit=" + PAGE + "&incident=" + incident.path("id").asText());
    ObjectNode story = Json.mapper().createObjectNode();
    story.set("incident", incident);
    story.set("cause", cause(incident.path("cause").asText()));
    story.set("events", page.path("events"));
    story.set("left", left(incident, page.path("events")));
    return story.put("complete", complete(page));
  }

  static boolean complete(JsonNode page) {
    return page.path("recovered").asBoolean() && !page.path("more").asBoolean();
  }

  private static JsonNode cause(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException foreign) {
      return Json.mapper().createObjectNode().put("text", text);
    }
  }

  /** What looks left alone while it was open, of the sources that it is about. */
  private ArrayNode left(JsonNode incident, JsonNode events)
      throws AgentFailure, InterruptedException {
    ArrayNode left = Json.mapper().createArrayNode();
    Set<String> sources = new HashSet<>();
    events.forEach(event -> sources.add(event.path("data").path("source").asText()));
    Optional<Instant> opened = Moments.at(incident.path("opened_at"));
    Optional<Instant> closed = Moments.at(incident.path("closed_at"));
    JsonNode page = client.get("/api/v1/events?types=job.left&limit=" + PAGE);
    for (JsonNode event : page.path("events")) {
      Instant at = Moments.at(event.path("time")).orElse(Instant.EPOCH);
      boolean during =
          opened.isPresent()
              && !at.isBefore(opened.get())
              && closed.map(end -> !at.isAfter(end)).orElse(true);
      boolean told = event.hasNonNull("incident_id");
      if (during && !told && sources.contains(event.path("data").path("source").asText())) {
        left.add(event);
      }
    }
    return left;
  }
}
