package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code resume}: remedies may start again. */
@Command(
    name = "resume",
    description = "Lets remedies start again.",
    mixinStandardHelpOptions = true)
public final class ResumeCommand extends AgentCommand {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Kept in the journal; default: who did it.")
  private @Nullable String reason;

  /** In these surroundings. */
  public ResumeCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    return client.post(
        "/api/v1/healing/resume",
        Json.mapper().createObjectNode().put("reason", reason(reason, "resumed")));
  }

  @Override
  String page(JsonNode answer) {
    return "Healing is on." + System.lineSeparator();
  }
}
