package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** {@code jobs}: what is stuck and why, a sweep by hand, and the sources. */
@Command(
    name = "jobs",
    description = "Shows stuck jobs with the evidence, sweeps by hand, lists the sources.",
    synopsisSubcommandLabel = "(stuck | sweep | sources)",
    mixinStandardHelpOptions = true)
public final class JobsCommand implements Runnable {
  private static final int MOST_LISTED = 500;

  private final Cli cli;

  @Spec private @Nullable CommandSpec spec;

  /** In these surroundings. */
  public JobsCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Say which: stuck, sweep or sources.");
  }

  /** Reads; changes nothing. */
  @Command(
      name = "stuck",
      description = "Stuck jobs, who holds them, the evidence, and what the next sweep would do.",
      mixinStandardHelpOptions = true)
  int stuck(
      @Mixin Connection connection,
      @Option(names = "--source", paramLabel = "NAME", description = "Only of this source.")
          @Nullable String source,
      @Option(names = "-o", paramLabel = "FORM", defaultValue = "table", description = FORM)
          Output output)
      throws Exception {
    String path = "/api/v1/jobs/stuck?limit=" + MOST_LISTED;
    String of = source == null ? "" : "&source=" + AgentClient.encode(source);
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode stuck = client.get(path + of);
      print(output, stuck, JobsPage.stuck(stuck));
      return stuck.path("problems").isEmpty() ? Cli.OK : Cli.DEGRADED;
    }
  }

  /** Changes, unless it is a dry run. */
  @Command(
      name = "sweep",
      description = "Rescues what is stuck, now, and says job by job what was done.",
      mixinStandardHelpOptions = true)
  int sweep(
      @Mixin Connection connection,
      @Option(names = "--source", paramLabel = "NAME", description = "Only of this source.")
          @Nullable String source,
      @Option(names = "--dry-run", description = "Say what would be done, change nothing.")
          boolean dryRun,
      @Option(names = "-o", paramLabel = "FORM", defaultValue = "table", description = FORM)
          Output output)
      throws Exception {
    ObjectNode body = Json.mapper().createObjectNode().put("dry_run", dryRun);
    if (source != null) {
      body.put("source", source);
    }
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode swept = client.post("/api/v1/jobs/sweep", body);
      print(output, swept, JobsPage.swept(swept));
      return swept.path("problems").isEmpty() ? Cli.OK : Cli.DEGRADED;
    }
  }

  /** Reads; changes nothing. */
  @Command(
      name = "sources",
      description = "The sources: jobs by state, last sweep, problems, and advised indexes.",
      mixinStandardHelpOptions = true)
  int sources(
      @Mixin Connection connection,
      @Option(names = "-o", paramLabel = "FORM", defaultValue = "table", description = FORM)
          Output output)
      throws Exception {
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode answer = client.get("/api/v1/jobs/sources");
      print(output, answer, JobsPage.sources(answer.path("sources")));
      boolean well =
          answer.path("sources").findValues("problem").stream().allMatch(JsonNode::isNull);
      return well ? Cli.OK : Cli.DEGRADED;
    }
  }

  private static final String FORM = "table (default) or json";

  private void print(Output output, JsonNode answer, String page) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (output == Output.JSON) {
      out.println(Json.text(answer));
    } else {
      out.print(page);
    }
    out.flush();
  }
}
