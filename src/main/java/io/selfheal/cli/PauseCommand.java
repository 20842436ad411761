package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pause}: no new remedy starts. */
@Command(
    name = "pause",
    description = "Starts no new remedy until resumed; running ones finish. Lasts over restarts.",
    mixinStandardHelpOptions = true)
public final class PauseCommand extends AgentCommand {
  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description = "How long (30m, 2h), or an RFC 3339 time; default: until resumed.")
  private @Nullable String until;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Shown while it is paused; default: who did it.")
  private @Nullable String reason;

  /** In these surroundings. */
  public PauseCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("reason", reason(reason, "paused")).put("until", until);
    return client.post("/api/v1/healing/pause", body);
  }

  @Override
  String page(JsonNode answer) {
    return "Healing is paused until %s: %s%n"
        .formatted(
            answer.hasNonNull("until") ? answer.path("until").asText() : "resumed",
            Words.text(answer.path("reason")));
  }
}
