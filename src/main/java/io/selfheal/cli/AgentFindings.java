package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.cli.Finding.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a running agent's answers say to a doctor. Pure. */
final class AgentFindings {
  private static final String RUN = "run: ";

  private AgentFindings() {}

  /**
   * @param version of the program that asks
   */
  static Finding agent(JsonNode agent, String version) {
    String running = Words.text(agent.path("version"));
    String what =
        "%s runs as pid %s since %s, version %s"
            .formatted(
                Words.text(agent.path("name")),
                Words.text(agent.path("pid")),
                Words.millis(agent.path("uptime_ms")),
                running);
    return running.equals(version)
        ? Finding.ok("agent", what)
        : Finding.warn("agent", what + "; this program is version " + version, "restart the agent");
  }

  /** The answer of {@code /health/ready}. */
  static List<Finding> components(JsonNode health) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode check : health.path("checks")) {
      String part = "component " + Words.text(check.path("name"));
      String status = Words.text(check.path("status"));
      String what = status + ": " + Words.text(check.path("detail"));
      Level level =
          switch (status) {
            case "healthy", "up" -> Level.OK;
            case "degraded", "unknown" -> Level.WARN;
            default -> Level.FAIL;
          };
      if (level != Level.OK) {
        findings.add(new Finding(level, part, what, ""));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("components", "all healthy"))
        : List.copyOf(findings);
  }

  static Finding healing(JsonNode healing) {
    return healing.path("paused").asBoolean()
        ? Finding.warn(
            "healing",
            "paused: " + Words.text(healing.path("reason")),
            "when it may go on: agent.sh resume")
        : Finding.ok("healing", "on");
  }

  private static long ofTheFile(JsonNode rules) {
    return StreamSupport.stream(rules.spliterator(), false)
        .filter(rule -> !rule.path("built_in").asBoolean())
        .count();
  }

  /** The rules in force: those that see nothing, or that all is well with them. */
  static List<Finding> rules(JsonNode rules) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode rule : rules) {
      if (rule.hasNonNull("problem")) {
        findings.add(
            Finding.warn(
                "rule " + Words.text(rule.path("name")),
                rule.path("problem").asText(),
                "see: agent.sh rules show " + Words.text(rule.path("name"))));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("rules in force", ofTheFile(rules) + ", and none has a problem"))
        : List.copyOf(findings);
  }

  /** A source as an agent tells it, or as it was looked at without one. */
  static Finding source(JsonNode source) {
    String part = "source " + Words.text(source.path("name"));
    String table =
        Words.text(source.path("table")) + " (" + Words.text(source.path("preset")) + ")";
    if (source.hasNonNull("problem")) {
      String problem = source.path("problem").asText();
      return Finding.fail(part, table + ": " + seen(problem), mend(problem));
    }
    String swept =
        source.hasNonNull("last_sweep")
            ? "; last sweep at %s took %s, %s rescued so far"
                .formatted(
                    Words.text(source.path("last_sweep")),
                    Words.millis(source.path("last_sweep_took_ms")),
                    Words.text(source.path("rescued")))
            : "";
    boolean looks = source.path("only_looked_at").asBoolean();
    String what = table + (looks ? " fits, and is only looked at" : " fits") + swept;
    StringBuilder warnings = new StringBuilder();
    if (source.hasNonNull("held")) {
      warnings.append("; rescues wait: ").append(source.path("held").asText());
    }
    if (source.hasNonNull("unproven")) {
      warnings.append("; ").append(source.path("unproven").asText());
    }
    String advice = source.hasNonNull("advice") ? source.path("advice").asText() : "";
    if (!advice.isEmpty()) {
      String how = advice.contains("\n") ? " (for psql, not in one transaction)" : "";
      warnings.append("; looks would be cheaper with an index").append(how);
    }
    if (source.hasNonNull("lacking")) {
      String lacking = source.path("lacking").asText();
      warnings.append("; jobs that kill their workers stay claimed: ").append(seen(lacking));
      advice = mend(lacking) + (advice.isEmpty() ? "" : "\n") + advice;
    }
    return warnings.isEmpty()
        ? Finding.ok(part, what)
        : Finding.warn(part, what + warnings, advice);
  }

  /** A problem may hold several commands, each behind "run: ". */
  private static Stream<String> parts(String problem, boolean commands) {
    return Arrays.stream(problem.split("; ", -1)).filter(part -> part.startsWith(RUN) == commands);
  }

  private static String seen(String problem) {
    return parts(problem, false).collect(Collectors.joining("; "));
  }

  private static String mend(String problem) {
    return parts(problem, true)
        .map(part -> part.substring(RUN.length()) + ";")
        .collect(Collectors.joining(" "));
  }

  static Finding worker(JsonNode worker) {
    String part = "worker " + Words.text(worker.path("id"));
    if (worker.hasNonNull("problem")) {
      return Finding.fail(part, worker.path("problem").asText(), "");
    }
    List<String> unwell = new ArrayList<>();
    int running = 0;
    for (JsonNode process : worker.path("processes")) {
      String liveness = Words.text(process.path("liveness"));
      if (liveness.equals("running")) {
        running++;
      } else {
        unwell.add(Words.text(process.path("instance")) + " is " + liveness);
      }
    }
    String what =
        "%s, %d running".formatted("found by " + Words.text(worker.path("found")), running)
            + (worker.hasNonNull("wanted")
                ? " of " + worker.path("wanted").asText() + " wanted"
                : "")
            + unwell.stream().map(each -> "; " + each).collect(Collectors.joining());
    boolean enough = unwell.isEmpty() && running >= Math.max(1, worker.path("wanted").asInt(1));
    return enough
        ? Finding.ok(part, what)
        : Finding.warn(part, what, "see: agent.sh status, and the worker's own log");
  }
}
