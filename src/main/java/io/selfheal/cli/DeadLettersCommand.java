package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dead-letters}: the jobs that are not tried again, and why. */
@Command(
    name = "dead-letters",
    description = "Shows the jobs that are not tried again, and why.",
    synopsisSubcommandLabel = "(list)",
    mixinStandardHelpOptions = true)
public final class DeadLettersCommand implements Runnable {
  private final Cli cli;

  @Spec private @Nullable CommandSpec spec;

  /** In these surroundings. */
  public DeadLettersCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Say what to do: list.");
  }

  /** Reads; changes nothing. */
  @Command(
      name = "list",
      description = "Dead letters, newest first, with the deaths that are the reason.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--source", paramLabel = "NAME", description = "Only of this source.")
          @Nullable String source,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "So many, 1 to 500.")
          int limit,
      @Option(names = "--cursor", paramLabel = "NEXT", description = "The page behind this one.")
          @Nullable String cursor,
      @Option(
              names = "-o",
              paramLabel = "FORM",
              defaultValue = "table",
              description = "table (default) or json")
          Output output)
      throws Exception {
    String path =
        "/api/v1/dead-letters?limit=" + limit + with("source", source) + with("cursor", cursor);
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode answer = client.get(path);
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (output == Output.JSON) {
        out.println(Json.text(answer));
      } else {
        out.print(DeadLettersPage.of(answer));
      }
      out.flush();
      return Cli.OK;
    }
  }

  private static String with(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + AgentClient.encode(value);
  }
}
