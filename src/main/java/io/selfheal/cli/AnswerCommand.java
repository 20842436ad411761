package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selfheal.json.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A person's answer to an incident that waits for one. */
abstract class AnswerCommand extends AgentCommand {
  private final String verb;
  private final String done;

  @Parameters(
      index = "0",
      paramLabel = "INCIDENT",
      description = "Its id, or the beginning or the end of it.")
  private String what = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Kept with the incident; default: who did it.")
  private @Nullable String reason;

  AnswerCommand(Cli cli, String verb, String done) {
    super(cli);
    this.verb = verb;
    this.done = done;
  }

  @Override
  final JsonNode ask(AgentClient client) throws AgentFailure, InterruptedException {
    if (what.toLowerCase(Locale.ROOT).equals(IncidentFinder.LAST)) {
      // Another one may have opened since the person looked.
      throw new AgentFailure(2, "Say which incident: its id, or a part of it.");
    }
    String id = new IncidentFinder(client).find(what).path("id").asText();
    ObjectNode body = Json.mapper().createObjectNode().put("reason", reason(reason, done));
    return client.post("/api/v1/incidents/" + id + "/" + verb, body);
  }

  @Override
  final String page(JsonNode answer) {
    return Words.text(answer.path("detail")) + System.lineSeparator();
  }
}
