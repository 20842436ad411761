package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a running agent and prints its answer, for people or as JSON. */
abstract class AgentCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private Connection connection = new Connection();

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  AgentCommand(Cli cli) {
    this.cli = cli;
  }

  /** Asks. */
  abstract JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException;

  /** The answer in words, with its line ends. Pure. */
  abstract String page(JsonNode answer);

  /** What the answer means for a script. */
  int exitCode(JsonNode answer) {
    return Cli.OK;
  }

  @Override
  public final Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode answer = ask(client);
      if (output == Output.JSON) {
        out.println(Json.text(answer));
      } else {
        out.print(page(answer));
      }
      out.flush();
      return exitCode(answer);
    }
  }

  /** The reason that is kept when nobody gives one: who did it. */
  static String reason(@Nullable String given, String done) {
    return given == null
        ? "%s by %s on the command line".formatted(done, System.getProperty("user.name"))
        : given;
  }
}
