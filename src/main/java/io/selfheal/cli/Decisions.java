package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What was decided on single jobs, as the journal has it. Pure. */
final class Decisions {
  private static final String END = System.lineSeparator();

  private Decisions() {}

  /** Whether an event is a decision on a job, or on many. */
  static boolean is(JsonNode event) {
    String type = event.path("type").asText();
    return type.equals("job.rescued") || type.equals("job.left") || type.equals("job.decided");
  }

  /** What an event of one job's past decided on it; of many jobs it may tell without it. */
  static List<JsonNode> on(String id, JsonNode event) {
    JsonNode data = event.path("data");
    if (!data.has("decisions")) {
      return List.of(data);
    }
    return stream(data.path("decisions"))
        .filter(one -> stream(one.path("job_ids")).anyMatch(job -> job.asText().equals(id)))
        .toList();
  }

  /** The jobs that an event tells of. */
  static Stream<String> ids(JsonNode event) {
    JsonNode data = event.path("data");
    return Stream.concat(
            Stream.of(data.path("job_id")).filter(JsonNode::isTextual),
            stream(data.path("decisions")).flatMap(one -> stream(one.path("job_ids"))))
        .map(JsonNode::asText);
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /** All that an event decided, each with the job, or with how many there are and an example. */
  static void all(StringBuilder text, JsonNode event) {
    JsonNode data = event.path("data");
    if (!data.has("decisions")) {
      tell(text, job(event), data);
    }
    for (JsonNode one : data.path("decisions")) {
      String source = Words.text(data.path("source"));
      JsonNode ids = one.path("job_ids");
      String first = source + "/" + Words.text(ids.path(0));
      tell(text, ids.size() == 1 ? first : ids.size() + " jobs, as " + first, one);
    }
  }

  /**
   * Such as {@code requeue: its holder is gone}; then the verdict, and the evidence a line each.
   */
  static void tell(StringBuilder text, String lead, JsonNode data) {
    String said = data.path("effect").asText("leave");
    String effect = said.equals("leave") ? "left alone" : said;
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
