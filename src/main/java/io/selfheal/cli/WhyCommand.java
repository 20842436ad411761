package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code why}: the story of an incident, or of a job. Reads; changes nothing. */
@Command(
    name = "why",
    description = "Tells why: the story of an incident, or all decisions on one job.",
    mixinStandardHelpOptions = true)
public final class WhyCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private Connection connection = new Connection();

  @Parameters(
      index = "0",
      paramLabel = "WHAT",
      description = {
        "An incident: its id, the beginning or the end of it, or: last.",
        "A job: SOURCE/JOB, where of an id such as [\"mails\", \"57d6\"] the last part will do."
      })
  private String what = "";

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /** In these surroundings. */
  public WhyCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      boolean job = what.contains("/");
      ObjectNode story = job ? JobPast.of(client, what) : new Past(client).incident(what);
      if (output == Output.JSON) {
        out.println(Json.text(story));
      } else {
        out.print(page(story, job));
      }
      out.flush();
      return Cli.OK;
    }
  }

  private static String page(JsonNode story, boolean job) {
    ZoneId zone = ZoneId.systemDefault();
    return job ? JobStory.of(story, zone) : IncidentStory.of(story, zone);
  }
}
