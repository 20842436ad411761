package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;

/** The text of {@code incidents}. Pure. */
final class IncidentsPage {
  private static final String END = System.lineSeparator();

  private IncidentsPage() {}

  static String of(JsonNode answer, ZoneId zone) {
    Moments moments = new Moments(zone);
    Table table = new Table("INCIDENT", "OPENED", "STATE", "TOOK", "RULE", "CAUSED BY", "SUMMARY");
    for (JsonNode incident : answer.path("incidents")) {
      table.row(
          Words.text(incident.path("id")),
          moments.day(incident.path("opened_at")),
          Words.text(incident.path("state")),
          Moments.between(
                  Moments.at(incident.path("opened_at")), Moments.at(incident.path("closed_at")))
              .orElse("-"),
          Words.text(incident.path("rule")),
          incident.hasNonNull("caused_by") ? incident.path("caused_by").asText() : "-",
          Words.text(incident.path("summary")));
    }
    if (table.empty()) {
      return "There is no such incident." + END;
    }
    String next =
        answer.hasNonNull("next")
            ? "More: incidents --cursor " + answer.path("next").asText() + END
            : "";
    return table + next + waiting(answer);
  }

  /** What a person can do for those that wait for one. */
  private static String waiting(JsonNode answer) {
    for (JsonNode incident : answer.path("incidents")) {
      if (incident.path("state").asText().equals("waiting")) {
        return "What is waiting waits for a person: approve INCIDENT, or reject INCIDENT" + END;
      }
    }
    return "";
  }
}
