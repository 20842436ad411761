package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The text of {@code status}. Pure. */
final class StatusPage {
  private static final List<String> GOOD = List.of("healthy", "up");

  private StatusPage() {}

  /** Ready, every check healthy, every worker as wanted, no source with a problem, healing on. */
  static boolean well(JsonNode all) {
    return "up".equals(all.path("health").path("status").asText())
        && all(all.path("health").path("checks"), "status", GOOD)
        && none(all.path("workers"), "problem")
        && none(all.path("sources"), "problem")
        && all.path("incidents").isEmpty()
        && !all.path("healing").path("paused").asBoolean();
  }

  static String of(JsonNode all) {
    StringBuilder text = new StringBuilder();
    JsonNode agent = all.path("agent");
    text.append(
        "%s  selfheal %s on %s, up %s, %s of a core, %s%n"
            .formatted(
                well(all) ? "WELL" : "NOT WELL",
                Words.text(agent.path("version")),
                Words.text(agent.path("host")),
                Words.millis(agent.path("uptime_ms")),
                Words.share(agent.path("cpu_share")),
                Words.bytes(agent.path("rss_bytes"))));
    if (all.path("healing").path("paused").asBoolean()) {
      text.append("Healing is paused: ")
          .append(Words.text(all.path("healing").path("reason")))
          .append(System.lineSeparator());
    }
    section(text, "COMPONENTS", components(all.path("health").path("checks")));
    section(text, "WORKERS", workers(all.path("workers")));
    section(text, "SOURCES", sources(all.path("sources")));
    section(text, "OPEN INCIDENTS", incidents(all.path("incidents")));
    return text.toString();
  }

  private static Table components(JsonNode checks) {
    Table table = new Table("COMPONENT", "STATUS", "DETAIL");
    for (JsonNode check : checks) {
      table.row(
          Words.text(check.path("name")),
          Words.text(check.path("status")),
          Words.text(check.path("detail")));
    }
    return table;
  }

  private static Table workers(JsonNode workers) {
    Table table = new Table("WORKER", "PROCESS", "LIVENESS", "CPU", "MEMORY", "RESTARTS");
    for (JsonNode worker : workers) {
      if (worker.path("processes").isEmpty()) {
        table.row(
            Words.text(worker.path("id")),
            "none",
            Words.text(worker.path("problem")),
            "-",
            "-",
            "-");
      }
      for (JsonNode process : worker.path("processes")) {
        table.row(
            Words.text(process.path("instance")),
            Words.text(process.path("process").path("pid")),
            Words.text(process.path("liveness")),
            Words.share(process.path("reading").path("cpu_share")),
            Words.bytes(process.path("reading").path("rss_bytes")),
            Words.text(process.path("restarts")));
      }
    }
    return table;
  }

  private static Table sources(JsonNode sources) {
    Table table = new Table("SOURCE", "TABLE", "OLDEST RUNNING", "RESCUED", "PROBLEM");
    for (JsonNode source : sources) {
      table.row(
          Words.text(source.path("name")),
          Words.text(source.path("table")),
          Words.millis(source.path("oldest_running_ms")),
          Words.text(source.path("rescued")),
          Words.text(source.path("problem")));
    }
    return table;
  }

  private static Table incidents(JsonNode incidents) {
    Table table = new Table("INCIDENT", "STATE", "SUMMARY");
    for (JsonNode incident : incidents) {
      table.row(
          Words.text(incident.path("id")),
          Words.text(incident.path("state")),
          Words.text(incident.path("summary")));
    }
    return table;
  }

  private static void section(StringBuilder text, String title, Table table) {
    text.append(System.lineSeparator());
    if (table.empty()) {
      text.append(title).append(": none").append(System.lineSeparator());
      return;
    }
    text.append(table);
  }

  private static boolean all(JsonNode list, String field, List<String> allowed) {
    for (JsonNode item : list) {
      if (!allowed.contains(item.path(field).asText())) {
        return false;
      }
    }
    return true;
  }

  private static boolean none(JsonNode list, String field) {
    for (JsonNode item : list) {
      if (item.hasNonNull(field)) {
        return false;
      }
    }
    return true;
  }
}
