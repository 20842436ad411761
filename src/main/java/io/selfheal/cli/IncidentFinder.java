package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds an incident by its id, by the beginning or the end of it, or as the last one. */
final class IncidentFinder {
  /** The newest incident. */
  static final String LAST = "last";

  private static final int PAGE = 500;

  /** Of so many incidents a part of an id is looked for; of older ones the whole id is needed. */
  private static final int MOST_PAGES = 4;

  private static final int WHOLE_ID = 36;

  private final AgentClient client;

  IncidentFinder(AgentClient client) {
    this.client = client;
  }

  JsonNode find(String given) throws AgentFailure, InterruptedException {
    String wanted = given.toLowerCase(Locale.ROOT);
    if (wanted.length() == WHOLE_ID) {
      return client.get("/api/v1/incidents/" + AgentClient.encode(wanted));
    }
    boolean last = wanted.equals(LAST);
    List<JsonNode> found = new ArrayList<>();
    String cursor = "";
    int pages = last ? 1 : MOST_PAGES;
    while (pages-- > 0) {
      JsonNode page = client.get("/api/v1/incidents?limit=" + (last ? 1 : PAGE) + cursor);
      for (JsonNode incident : page.path("incidents")) {
        String id = incident.path("id").asText();
        if (last || id.startsWith(wanted) || id.endsWith(wanted)) {
          found.add(incident);
        }
      }
      if (!page.hasNonNull("next")) {
        break;
      }
      cursor = "&cursor=" + AgentClient.encode(page.path("next").asText());
    }
    return only(wanted, found);
  }

  private static JsonNode only(String wanted, List<JsonNode> found) throws AgentFailure {
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (wanted.equals(LAST)) {
      throw new AgentFailure(Cli.ERROR, "There has been no incident.");
    }
    if (found.isEmpty()) {
      throw new AgentFailure(
          Cli.ERROR,
          "No id of the newest %d incidents begins or ends with \"%s\"; see: agent.sh incidents"
              .formatted(PAGE * MOST_PAGES, wanted));
    }
    String ids =
        found.stream()
            .limit(10)
            .map(
                incident -> incident.path("id").asText() + "  " + incident.path("summary").asText())
            .collect(Collectors.joining(System.lineSeparator() + "  "));
    throw new AgentFailure(
        Cli.ERROR,
        "\"%s\" could be any of %d incidents; give more of the id:%n  %s"
            .formatted(wanted, found.size(), ids));
  }
}
