package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The remedies of an incident, each with how long it took and what it printed. Pure. */
final class StepStory {
  private static final String OUTPUT = "output";

  private StepStory() {}

  static List<String> tell(JsonNode incident) {
    List<String> lines = new ArrayList<>();
    int number = 0;
    for (JsonNode step : incident.path("steps")) {
      number++;
      lines.add(number + ". " + step(step));
      for (JsonNode entry : incident.path("timeline")) {
        if (isOutput(entry) && of(incident, entry).filter(step::equals).isPresent()) {
          Words.text(entry.path("text")).lines().forEach(line -> lines.add("     | " + line));
        }
      }
    }
    return lines.isEmpty() ? List.of("none") : lines;
  }

  private static String step(JsonNode step) {
    return "%s on %s, attempt %s: %s%s%s"
        .formatted(
            Words.text(step.path("remedy")),
            Words.text(step.path("target")),
            Words.text(step.path("attempt")),
            step.hasNonNull("outcome")
                ? step.path("outcome").asText()
                : Words.text(step.path("state")),
            Moments.between(Moments.at(step.path("started_at")), Moments.at(step.path("ended_at")))
                .map(took -> " after " + took)
                .orElse(""),
            IncidentStory.because(step.path("detail")));
  }

  /** Whether an entry of the timeline is told here: what a step printed. */
  static boolean told(JsonNode incident, JsonNode entry) {
    return isOutput(entry) && of(incident, entry).isPresent();
  }

  private static boolean isOutput(JsonNode entry) {
    return entry.path("kind").asText().equals(OUTPUT);
  }

  /** The newest step that had begun by then. */
  private static Optional<JsonNode> of(JsonNode incident, JsonNode entry) {
    Optional<Instant> at = Moments.at(entry.path("at"));
    return StreamSupport.stream(incident.path("steps").spliterator(), false)
        .filter(step -> begun(step, at))
        .reduce((earlier, later) -> later);
  }

  private static boolean begun(JsonNode step, Optional<Instant> at) {
    Optional<Instant> began = Moments.at(step.path("started_at"));
    return at.isPresent() && began.filter(begin -> !begin.isAfter(at.get())).isPresent();
  }
}
