package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an event says that opened an incident: its evidence, its numbers, for how long. Pure. */
final class Evidence {
  private Evidence() {}

  /** Lines; none when it says nothing of these. */
  static List<String> of(JsonNode cause) {
    List<String> lines = new ArrayList<>();
    if (cause.hasNonNull("evidence")) {
      lines.add("- " + cause.path("evidence").asText());
    }
    if (cause.hasNonNull("summary")) {
      lines.add("- " + cause.path("summary").asText());
    }
    Map<String, JsonNode> values = new TreeMap<>();
    cause.path("values").properties().forEach(each -> values.put(each.getKey(), each.getValue()));
    values.forEach((name, value) -> lines.add("- " + name + ": " + value(name, value)));
    if (cause.hasNonNull("lasted_ms")) {
      lines.add("- it had held for " + Words.millis(cause.path("lasted_ms")) + " when it counted");
    }
    return lines;
  }

  /** In the unit that the name carries. */
  private static String value(String name, JsonNode value) {
    if (name.endsWith("_bytes")) {
      return Words.bytes(value);
    }
    if (name.endsWith("_ms")) {
      return Words.millis(value);
    }
    if (name.endsWith("_share")) {
      return Words.share(value);
    }
    double number = value.asDouble();
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.format(Locale.ROOT, "%.4g", number);
  }
}
