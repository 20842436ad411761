package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The texts of {@code jobs}. Pure. */
final class JobsPage {
  private static final String END = System.lineSeparator();

  private static final String NO_SOURCE = "No source is configured." + END;

  private JobsPage() {}

  static String stuck(JsonNode answer) {
    if (sourceless(answer)) {
      return NO_SOURCE;
    }
    StringBuilder text = new StringBuilder();
    if (answer.path("jobs").isEmpty() && answer.path("problems").isEmpty()) {
      text.append("No job is stuck.").append(END);
    }
    answer.path("jobs").forEach(job -> job(text, job, "next sweep: "));
    problems(text, answer.path("problems"));
    return text.toString();
  }

  static String swept(JsonNode answer) {
    if (sourceless(answer)) {
      return NO_SOURCE;
    }
    boolean dry = answer.path("dry_run").asBoolean();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s %s of %s running jobs that were looked at.%n"
            .formatted(
                dry ? "Would rescue" : "Rescued",
                Words.text(answer.path("rescued")),
                Words.text(answer.path("looked"))));
    answer.path("jobs").forEach(job -> job(text, job, dry ? "would " : ""));
    if (answer.path("more").asLong() > 0) {
      text.append("... and ").append(answer.path("more").asLong()).append(" more").append(END);
    }
    problems(text, answer.path("problems"));
    return text.toString();
  }

  private static boolean sourceless(JsonNode answer) {
    return answer.path("sources").asInt(1) == 0 && answer.path("problems").isEmpty();
  }

  /** The job, what is done with it and why, then the evidence a line each. */
  static void job(StringBuilder text, JsonNode job, String doing) {
    text.append(
        "%s/%s  held by %s, %s  ->  %s%s%n"
            .formatted(
                Words.text(job.path("source")),
                Words.text(job.path("job_id")),
                Words.text(job.path("holder")),
                Words.text(job.path("verdict").path("ruling")),
                doing,
                Words.text(job.path("effect"))));
    text.append(
        "    %s (age %s, silent for %s, attempt %s)%n"
            .formatted(
                Words.text(job.path("reason")),
                Words.millis(job.path("age_ms")),
                Words.millis(job.path("silence_ms")),
                Words.text(job.path("attempts"))));
    for (JsonNode evidence : job.path("verdict").path("evidence")) {
      text.append("    - ").append(evidence.asText()).append(END);
    }
  }

  private static void problems(StringBuilder text, JsonNode problems) {
    for (Map.Entry<String, JsonNode> problem : problems.properties()) {
      text.append("Not wholly read or swept: ")
          .append(problem.getKey())
          .append(": ")
          .append(problem.getValue().asText())
          .append(END);
    }
  }

  static String sources(JsonNode sources) {
    Table table = new Table("SOURCE", "PRESET", "TABLE", "JOBS", "OLDEST RUNNING", "RESCUED");
    StringBuilder mend = new StringBuilder();
    for (JsonNode source : sources) {
      table.row(
          Words.text(source.path("name")),
          Words.text(source.path("preset")),
          Words.text(source.path("table")),
          counts(source.path("counts")),
          Words.millis(source.path("oldest_running_ms")),
          Words.text(source.path("rescued")));
      mend.append(mend(source));
    }
    if (table.empty()) {
      return NO_SOURCE;
    }
    return mend.isEmpty() ? table.toString() : table + END + mend;
  }

  private static String mend(JsonNode source) {
    StringBuilder text = new StringBuilder();
    if (source.hasNonNull("problem")) {
      text.append(
          "%s is not swept: %s%n"
              .formatted(source.path("name").asText(), source.path("problem").asText()));
    }
    if (source.path("only_looked_at").asBoolean()) {
      text.append(
          "%s is only looked at: stuck jobs of its library are told, and cannot be rescued%n"
              .formatted(source.path("name").asText()));
    }
    if (source.hasNonNull("held")) {
      text.append(
          "%s holds rescues back: %s%n"
              .formatted(source.path("name").asText(), source.path("held").asText()));
    }
    if (source.hasNonNull("unproven")) {
      text.append(
          "%s: %s%n".formatted(source.path("name").asText(), source.path("unproven").asText()));
    }
    if (source.hasNonNull("lacking")) {
      text.append(
          "%s leaves jobs that kill their workers claimed: %s%n"
              .formatted(source.path("name").asText(), source.path("lacking").asText()));
    }
    if (source.hasNonNull("advice")) {
      text.append(
          "%s would be looked at more cheaply with%s%n"
              .formatted(source.path("name").asText(), statements(source.path("advice").asText())));
    }
    return text.toString();
  }

  /** Each on a line of its own, so that they can be copied together. */
  private static String statements(String advice) {
    return advice.contains("\n")
        ? " these, which lock nothing for long (for psql; not in one transaction):"
            + END
            + advice.lines().collect(Collectors.joining(END))
        : ": " + advice;
  }

  private static String counts(JsonNode counts) {
    if (!counts.isObject() || counts.isEmpty()) {
      return "-";
    }
    StringJoiner text = new StringJoiner(", ");
    counts
        .properties()
        .forEach(state -> text.add(state.getValue().asText() + " " + state.getKey()));
    return text.toString();
  }
}
