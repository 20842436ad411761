package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers from a running agent what belongs to one job, which it finds by a part of its id, too.
 */
final class JobPast {
  private static final int PAGE = 500;
  private static final int MOST_LISTED = 10;

  private final AgentClient client;
  private final String source;
  private final String typed;
  private final AgentClient.Answer stuck;

  private JobPast(AgentClient client, String source, String typed, AgentClient.Answer stuck) {
    this.client = client;
    this.source = source;
    this.typed = typed;
    this.stuck = stuck;
  }

  /**
   * {@code job, events, now, stuck, problem, known, example, complete}.
   *
   * @param wanted SOURCE/ID
   */
  static ObjectNode of(AgentClient client, String wanted)
      throws AgentFailure, InterruptedException {
    int slash = wanted.indexOf('/');
    String source = wanted.substring(0, slash);
    AgentClient.Answer stuck =
        client.ask("/api/v1/jobs/stuck?limit=" + PAGE + "&source=" + AgentClient.encode(source));
    return new JobPast(client, source, wanted.substring(slash + 1), stuck).story();
  }

  private ObjectNode story() throws AgentFailure, InterruptedException {
    JsonNode page = events("/" + typed, "");
    boolean complete = Past.complete(page);
    String id = typed;
    boolean known = decided(page) || now(id).isPresent();
    if (!known) {
      JsonNode alike = alike();
      complete &= Past.complete(alike);
      Optional<String> other = only(JobIds.meant(typed, known(alike)));
      if (other.isPresent()) {
        known = true;
        id = other.get();
        page = events("/" + id, "");
        complete = Past.complete(page);
      }
    }
    ObjectNode story = Json.mapper().createObjectNode();
    story.put("job", source + "/" + id);
    story.set("events", page.path("events"));
    AgentClient.Answer found =
        client.ask("/api/v1/jobs/find?source=" + encoded(source) + "&id=" + encoded(id));
    JsonNode running = found.body().path("job");
    known |= running.isObject();
    story.set("now", running.isObject() ? running : Json.mapper().nullNode());
    story.put("stuck", found.body().path("stuck").asBoolean());
    story.put("problem", problem(found));
    story.put("known", known);
    story.put("example", known ? null : example());
    return story.put("complete", complete);
  }

  /** Whether anything is told of the very job that was typed. */
  private boolean decided(JsonNode page) {
    for (JsonNode event : page.path("events")) {
      boolean ofMany = event.path("data").has("decisions");
      if (!ofMany || !Decisions.on(typed, event).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static String encoded(String text) {
    return AgentClient.encode(text);
  }

  private JsonNode events(String id, String more) throws AgentFailure, InterruptedException {
    return client.get(
        "/api/v1/events?limit="
            + PAGE
            + "&subject="
            + AgentClient.encode("job/" + source + id)
            + more);
  }

  /** Decisions on the jobs whose ids end as the one that is meant. */
  private JsonNode alike() throws AgentFailure, InterruptedException {
    return ending(JobIds.ending(typed).orElse("]"));
  }

  private JsonNode ending(String end) throws AgentFailure, InterruptedException {
    return events("/", "&types=job.rescued,job.left,job.decided&ending=" + AgentClient.encode(end));
  }

  private List<String> known(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("events").forEach(event -> Decisions.ids(event).forEach(ids::add));
    stuck.body().path("jobs").forEach(job -> ids.add(job.path("job_id").asText()));
    return ids;
  }

  private Optional<String> only(List<String> meant) throws AgentFailure {
    if (meant.size() < 2) {
      return meant.stream().findFirst();
    }
    String ids =
        meant.stream()
            .limit(MOST_LISTED)
            .map(id -> source + "/" + id)
            .collect(Collectors.joining(System.lineSeparator() + "  "));
    String rest = meant.size() > MOST_LISTED ? System.lineSeparator() + "  ..." : "";
    throw new AgentFailure(
        Cli.ERROR,
        "\"%s\" could be any of %d jobs of %s; give the whole id:%n  %s%s"
            .formatted(typed, meant.size(), source, ids, rest));
  }

  /** An id of the source where they are arrays, which nobody guesses; null: none is known. */
  private @Nullable String example() throws AgentFailure, InterruptedException {
    return known(ending("]")).stream()
        .filter(id -> JobIds.last(id).isPresent())
        .findFirst()
        .orElse(null);
  }

  private Optional<JsonNode> now(String id) {
    for (JsonNode job : stuck.body().path("jobs")) {
      if (job.path("job_id").asText().equals(id)) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  /** Why nobody knows how it is; null: that is known. */
  private static @Nullable String problem(AgentClient.Answer found) {
    JsonNode body = found.body();
    if (found.status() != 200) {
      return body.path("detail").asText("the agent does not say");
    }
    return body.hasNonNull("problem") ? body.path("problem").asText() : null;
  }
}
