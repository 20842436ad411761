package io.selfheal.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: one screen of how things are. */
@Command(
    name = "status",
    description = "Shows how the agent, its workers and sources are; 5 when something is not well.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private Connection connection = new Connection();

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /** In these surroundings. */
  public StatusCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      ObjectNode all = Json.mapper().createObjectNode();
      all.set("agent", client.get("/api/v1/agent"));
      all.set("health", client.ask("/health/ready").body());
      all.set("healing", client.get("/api/v1/healing"));
      all.set("workers", client.get("/api/v1/workers").path("workers"));
      all.set("sources", client.get("/api/v1/jobs/sources").path("sources"));
      all.set("incidents", client.get("/api/v1/incidents?open=true").path("incidents"));
      if (output == Output.JSON) {
        out.println(Json.text(all));
      } else {
        out.print(StatusPage.of(all));
      }
      out.flush();
      return StatusPage.well(all) ? Cli.OK : Cli.DEGRADED;
    }
  }
}
