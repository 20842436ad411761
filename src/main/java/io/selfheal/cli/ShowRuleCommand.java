package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rules show}: one rule with all that it says, and each of its subjects. */
@Command(
    name = "show",
    description = "Shows all that a rule says, and how each of its subjects stands.",
    mixinStandardHelpOptions = true)
public final class ShowRuleCommand extends AgentCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The rule.")
  private String name = "";

  /** In these surroundings. */
  public ShowRuleCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    return client.get("/api/v1/rules/" + AgentClient.encode(name));
  }

  @Override
  String page(JsonNode answer) {
    return RulePage.of(answer, ZoneId.systemDefault());
  }
}
