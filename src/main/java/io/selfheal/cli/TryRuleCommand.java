package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules try}: what a rule would have done over the stored facts. Changes nothing. */
@Command(
    name = "try",
    description = {
      "Replays the stored facts before a rule: how often it would have acted, and how often the",
      "symptom went by itself. Changes nothing. 1 when the rule cannot be tried."
    },
    mixinStandardHelpOptions = true)
public final class TryRuleCommand extends AgentCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The rule.")
  private String name = "";

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "How far back (12h, 7d), or an RFC 3339 time; default: 7d.")
  private @Nullable String since;

  /** In these surroundings. */
  public TryRuleCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    ObjectNode body = Json.mapper().createObjectNode().put("since", since);
    return client.post("/api/v1/rules/" + AgentClient.encode(name) + "/try", body);
  }

  @Override
  String page(JsonNode answer) {
    return TrialPage.of(answer, ZoneId.systemDefault());
  }

  @Override
  int exitCode(JsonNode answer) {
    return answer.hasNonNull("problem") ? Cli.ERROR : Cli.OK;
  }
}
