package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Turns the events that ended a fault into its report. Pure but for the narration. */
final class Ending {
  private Ending() {}

  static FaultReport of(
      String fault,
      Instant struck,
      Optional<JsonNode> opened,
      Optional<JsonNode> closed,
      boolean rescued,
      Narrator narrator) {
    Duration detected =
        opened.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null);
    Duration healed =
        closed.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null);
    boolean good =
        rescued
            && closed.filter(e -> e.path("type").asText().equals("incident.closed")).isPresent();
    String outcome =
        closed
            .map(
                event ->
                    event
                        .path("data")
                        .path(good ? "result" : "reason")
                        .asText("ended without a word"))
            .orElse(opened.isPresent() ? "not healed in time" : "not noticed");
    if (good) {
      narrator.heals(outcome);
    } else {
      narrator.breaks(outcome + (rescued ? "" : "; its job was not rescued"));
    }
    return new FaultReport(fault, detected, healed, good, outcome);
  }
}
