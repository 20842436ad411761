package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code rules}: the rules in force, and how their subjects stand. Reads; changes nothing. */
@Command(
    name = "rules",
    description = "Shows the rules in force and how their subjects stand; or shows or tries one.",
    mixinStandardHelpOptions = true)
public final class RulesCommand extends AgentCommand {
  /** In these surroundings. */
  public RulesCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    return client.get("/api/v1/rules");
  }

  @Override
  String page(JsonNode answer) {
    return RulesPage.of(answer);
  }
}
