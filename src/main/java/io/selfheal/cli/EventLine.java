package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One event as one line for a person. Pure. */
final class EventLine {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final Map<String, String> COLOURS =
      Map.of("critical", "\u001b[31m", "warning", "\u001b[33m");
  private static final String PLAIN = "\u001b[0m";
  private static final List<String> TELLING =
      List.of(
          "summary",
          "reason",
          "result",
          "detail",
          "evidence",
          "remedy",
          "outcome",
          "cause",
          "status",
          "effect",
          "count",
          "rescued",
          "error",
          "text");

  private EventLine() {}

  static String of(JsonNode event, boolean colour, ZoneId zone) {
    String severity = event.path("severity").asText();
    String time = CLOCK.format(Instant.parse(event.path("time").asText()).atZone(zone));
    String line =
        "%s  %-8s %-24s %-26s %s"
            .formatted(
                time,
                severity,
                event.path("type").asText(),
                event.path("subject").asText(),
                tell(event.path("data")))
            .stripTrailing();
    String paint = COLOURS.get(severity);
    return colour && paint != null ? paint + line + PLAIN : line;
  }

  private static String tell(JsonNode data) {
    List<String> parts = new ArrayList<>();
    for (String name : TELLING) {
      JsonNode value = data.path(name);
      if (value.isValueNode() && !value.isNull() && !value.asText().isBlank()) {
        parts.add(value.isTextual() ? value.asText() : name + "=" + value.asText());
      }
    }
    if (data.path("process").hasNonNull("pid")) {
      parts.add("pid " + data.path("process").path("pid").asText());
    }
    return String.join(" · ", parts);
  }
}
