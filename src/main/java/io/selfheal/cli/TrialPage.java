package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;

/** The text of {@code rules try}. Pure. */
final class TrialPage {
  private static final String END = System.lineSeparator();

  private TrialPage() {}

  static String of(JsonNode tried, ZoneId zone) {
    String rule = Words.text(tried.path("rule"));
    if (tried.hasNonNull("problem")) {
      return rule + " cannot be tried: " + tried.path("problem").asText() + END;
    }
    Moments moments = new Moments(zone);
    StringBuilder text = new StringBuilder();
    long occasions = tried.path("occasions").size() + tried.path("more").asLong();
    text.append(
        "%s, version %s, over %s stored facts from %s to %s:%n"
            .formatted(
                rule,
                Words.text(tried.path("version")),
                Words.text(tried.path("facts")),
                moments.day(tried.path("from")),
                moments.day(tried.path("to"))));
    text.append(
        "  it would have acted %s, guardrails aside; %s of these recovered by themselves in time%n"
            .formatted(times(occasions), Words.text(tried.path("recovered"))));
    if (tried.hasNonNull("gap")) {
      text.append("  (").append(tried.path("gap").asText()).append(')').append(END);
    }
    if (occasions > 0) {
      text.append(END).append(table(tried, moments));
    }
    if (tried.path("more").asLong() > 0) {
      text.append(Words.text(tried.path("more"))).append(" later ones are not listed").append(END);
    }
    return text.toString();
  }

  private static String times(long occasions) {
    return switch ((int) Math.min(occasions, 2)) {
      case 0 -> "never";
      case 1 -> "once";
      default -> occasions + " times";
    };
  }

  private static Table table(JsonNode tried, Moments moments) {
    Table table = new Table("AT", "SUBJECT", "OVER AFTER", "HOW", "EVIDENCE");
    for (JsonNode occasion : tried.path("occasions")) {
      table.row(
          moments.day(occasion.path("at")),
          Words.text(occasion.path("subject")),
          Moments.between(Moments.at(occasion.path("at")), Moments.at(occasion.path("cleared")))
              .orElse("-"),
          how(occasion),
          Words.text(occasion.path("evidence")));
    }
    return table;
  }

  private static String how(JsonNode occasion) {
    boolean over = occasion.hasNonNull("cleared");
    if (occasion.hasNonNull("remedy")) {
      return (over ? "after " : "not over by ") + occasion.path("remedy").asText();
    }
    return over ? "by itself" : "not over";
  }
}
