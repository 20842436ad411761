package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What was decided on single jobs, as the journal has it. Pure. */
final class Decisions {
  private static final String END = System.lineSeparator();

  private Decisions() {}

  /** Whether an event is a decision on one job. */
  static boolean is(JsonNode event) {
    String type = event.path("type").asText();
    return type.equals("job.rescued") || type.equals("job.left");
  }

  /**
   * Such as {@code requeue: its holder is gone}; then the verdict, and the evidence a line each.
   */
  static void tell(StringBuilder text, String lead, JsonNode event) {
    JsonNode data = event.path("data");
    String effect = data.hasNonNull("effect") ? data.path("effect").asText() : "left alone";
    text.append("  %s  %s: %s%n".formatted(lead, effect, Words.text(data.path("reason"))));
    JsonNode verdict = data.path("verdict");
    text.append("      its holder is ")
        .append(Words.text(verdict.path("ruling")))
        .append(", because:")
        .append(END);
    for (JsonNode evidence : verdict.path("evidence")) {
      text.append("      - ").append(evidence.asText()).append(END);
    }
  }

  /** {@code images/17}. */
  static String job(JsonNode event) {
    JsonNode data = event.path("data");
    return Words.text(data.path("source")) + "/" + Words.text(data.path("job_id"));
  }
}
