package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code services}: how the services that workers call are doing. Reads; changes nothing. */
@Command(
    name = "services",
    description = "Shows the services that workers call: breaker, calls, limits, budget; or one.",
    mixinStandardHelpOptions = true)
public final class ServicesCommand extends AgentCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "All of this one.")
  private @Nullable String name;

  @Option(names = "--kind", paramLabel = "KIND", description = "Only of this kind, such as ai.")
  private @Nullable String kind;

  /** In these surroundings. */
  public ServicesCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    if (name != null) {
      return client.get("/api/v1/services/" + AgentClient.segment(name));
    }
    String query = kind == null ? "" : "?kind=" + AgentClient.encode(kind);
    return client.get("/api/v1/services" + query);
  }

  @Override
  String page(JsonNode answer) {
    return name == null ? ServicesPage.all(answer) : ServicesPage.one(answer);
  }
}
