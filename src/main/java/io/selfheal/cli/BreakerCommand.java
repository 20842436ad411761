package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code breaker}: a person's hand on the breaker of a service. */
@Command(
    name = "breaker",
    description = "Opens, closes or resets the breaker of a service by hand.",
    mixinStandardHelpOptions = true)
public final class BreakerCommand extends AgentCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The service.")
  private String service = "";

  @Parameters(
      index = "1",
      paramLabel = "HAND",
      description = {
        "reset: closed, with nothing counted. open: refuse every call. close: let every call pass.",
        "off: no breaker. auto: decides by itself again. Open, close and off last until --until,",
        "or until auto or reset."
      })
  private Hand hand = Hand.RESET;

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description = "How long (30m, 2h), or an RFC 3339 time; not for reset and auto.")
  private @Nullable String until;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Told to whom a call is refused; default: who did it.")
  private @Nullable String reason;

  /** In these surroundings. */
  public BreakerCommand(Cli cli) {
    super(cli);
  }

  /** The hands, as people say them. */
  enum Hand {
    RESET("reset", "reset"),
    OPEN("forced_open", "opened"),
    CLOSE("forced_closed", "closed"),
    OFF("disabled", "switched off"),
    AUTO("automatic", "made automatic");

    private final String state;
    private final String done;

    Hand(String state, String done) {
      this.state = state;
      this.done = done;
    }
  }

  @Override
  JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("state", hand.state).put("reason", reason(reason, hand.done));
    body.put("until", until).put("author", System.getProperty("user.name"));
    return client.post("/api/v1/services/" + AgentClient.segment(service) + "/breaker", body);
  }

  @Override
  String page(JsonNode answer) {
    return Words.text(answer.path("detail")) + System.lineSeparator();
  }
}
