package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of {@code rules}. Pure. */
final class RulesPage {
  private static final String END = System.lineSeparator();

  /** In the order in which they matter. */
  private static final List<String> STATES =
      List.of("seen", "present", "between", "unknown", "absent");

  private RulesPage() {}

  static String of(JsonNode answer) {
    Table table = new Table("RULE", "SYMPTOM", "MODE", "SUBJECTS", "PROBLEM");
    StringBuilder seen = new StringBuilder();
    for (JsonNode rule : answer.path("rules")) {
      table.row(
          Words.text(rule.path("name")),
          Words.text(rule.path("symptom")),
          Words.text(rule.path("mode")),
          rule.path("built_in").asBoolean() ? "built in" : subjects(rule.path("subjects")),
          Words.text(rule.path("problem")));
      seen.append(seen(rule));
    }
    if (table.empty()) {
      return "There is no rule; see conf/rules.yaml for how to write one." + END;
    }
    return seen.isEmpty() ? table.toString() : table + END + "SEEN NOW" + END + seen;
  }

  private static String subjects(JsonNode subjects) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    STATES.forEach(state -> counts.put(state, 0));
    subjects.forEach(subject -> counts.merge(state(subject), 1, Integer::sum));
    String words =
        counts.entrySet().stream()
            .filter(count -> count.getValue() > 0)
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? "none yet" : words;
  }

  /** Seen: it counts as there; otherwise what the newest reading says. */
  static String state(JsonNode subject) {
    return subject.path("seen").asBoolean() ? "seen" : Words.text(subject.path("presence"));
  }

  private static String seen(JsonNode rule) {
    StringBuilder text = new StringBuilder();
    for (JsonNode subject : rule.path("subjects")) {
      if (subject.path("seen").asBoolean()) {
        text.append(
            "  %s, %s: %s%n"
                .formatted(
                    Words.text(rule.path("name")),
                    Words.text(subject.path("subject")),
                    Words.text(subject.path("evidence"))));
      }
    }
    return text.toString();
  }
}
