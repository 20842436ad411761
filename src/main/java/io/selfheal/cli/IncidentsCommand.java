package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code incidents}: what happened, newest first. Reads; changes nothing. */
@Command(
    name = "incidents",
    description = "Shows incidents, newest first; for the whole story of one: why.",
    mixinStandardHelpOptions = true)
public final class IncidentsCommand extends AgentCommand {
  @Option(names = "--open", description = "Only those that are not over.")
  private boolean open;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "So many, 1 to 500; default: 20.")
  private int limit;

  @Option(names = "--cursor", paramLabel = "NEXT", description = "The page behind this one.")
  private @Nullable String cursor;

  /** In these surroundings. */
  public IncidentsCommand(Cli cli) {
    super(cli);
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    String behind = cursor == null ? "" : "&cursor=" + AgentClient.encode(cursor);
    return client.get("/api/v1/incidents?open=" + open + "&limit=" + limit + behind);
  }

  @Override
  String page(JsonNode answer) {
    return IncidentsPage.of(answer, ZoneId.systemDefault());
  }
}
