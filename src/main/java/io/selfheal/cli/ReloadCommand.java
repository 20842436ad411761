package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import picocli.CommandLine.Command;

/** {@code reload}: reads the rules anew. */
@Command(
    name = "reload",
    description = {
      "Has the agent read the rules anew: all come into force, or none when one is wrong.",
      "78 and all that is wrong then."
    },
    mixinStandardHelpOptions = true)
public final class ReloadCommand extends AgentCommand {
  /** In these surroundings. */
  public ReloadCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    return client.post("/api/v1/config/reload", Json.mapper().createObjectNode());
  }

  @Override
  String page(JsonNode answer) {
    String file = answer.path("file").asText();
    return "%s rules are in force, from %s%n"
        .formatted(Words.text(answer.path("rules")), file.isEmpty() ? "no file" : file);
  }
}
