package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The texts of {@code services}. Pure. */
final class ServicesPage {
  private static final String END = System.lineSeparator();
  private static final String LINE = "  %-15s%s%n";
  private static final List<String> COUNTS =
      List.of("granted", "probes", "succeeded", "failed", "neutral", "ignored", "lost", "late");

  private ServicesPage() {}

  static String all(JsonNode answer) {
    Table table =
        new Table("SERVICE", "KIND", "BREAKER", "CALLS", "FAILED", "P50", "P99", "OPEN", "BUDGET");
    StringBuilder why = new StringBuilder();
    for (JsonNode service : answer.path("services")) {
      JsonNode rates = service.path("rates");
      table.row(
          Words.text(service.path("name")),
          Words.text(service.path("kind")),
          state(service.path("breaker")),
          Words.text(rates.path("calls")),
          Words.share(rates.path("failure_rate")),
          Words.millis(service.path("durations").path("p50_ms")),
          Words.millis(service.path("durations").path("p99_ms")),
          open(service.path("limits")),
          budget(service.path("budget")));
      if (service.path("breaker").hasNonNull("reason")) {
        why.append("  %s: %s%n".formatted(name(service), breaker(service.path("breaker"))));
      }
    }
    if (table.empty()) {
      return "There is no service; name those that your workers call under services: in the"
          + " configuration."
          + END;
    }
    return why.isEmpty() ? table.toString() : table + END + "NOT CLOSED" + END + why;
  }

  static String one(JsonNode service) {
    StringBuilder text = new StringBuilder();
    text.append(name(service)).append(" (").append(Words.text(service.path("kind"))).append(')');
    text.append(END);
    line(text, "breaker", breaker(service.path("breaker")));
    line(text, "calls", calls(service.path("rates")));
    line(text, "durations", durations(service.path("durations")));
    JsonNode limits = service.path("limits");
    line(text, "rate", bucket(limits.path("rate")));
    line(text, "tokens", bucket(limits.path("tokens")));
    line(text, "at once", open(limits));
    line(text, "budget", budget(service.path("budget")));
    if (service.hasNonNull("budget")) {
      JsonNode budget = service.path("budget");
      String reserved = Words.text(budget.path("reserved"));
      line(text, "", reserved + " reserved; resets at " + Words.text(budget.path("resets_at")));
    }
    line(text, "retries", retries(service.path("retry_budget")));
    line(text, "alternative", Words.text(service.path("alternative")));
    line(text, "since start", counts(service.path("counts")));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(LINE.formatted(name, value));
  }

  private static String name(JsonNode service) {
    return Words.text(service.path("name"));
  }

  private static String state(JsonNode breaker) {
    return Words.text(breaker.path("state")).replace('_', ' ');
  }

  private static String breaker(JsonNode breaker) {
    StringBuilder text = new StringBuilder(state(breaker));
    text.append(" since ").append(Words.text(breaker.path("since")));
    if (breaker.hasNonNull("until")) {
      text.append(" until ").append(Words.text(breaker.path("until")));
    }
    if (breaker.hasNonNull("author")) {
      text.append(" by ").append(Words.text(breaker.path("author")));
    }
    if (breaker.hasNonNull("reason")) {
      text.append(": ").append(Words.text(breaker.path("reason")));
    }
    return text.toString();
  }

  private static String calls(JsonNode rates) {
    return "%s counted in the last %s, %s failed, %s slow, %s failures in a row"
        .formatted(
            Words.text(rates.path("calls")),
            Words.millis(rates.path("window_ms")),
            Words.share(rates.path("failure_rate")),
            Words.share(rates.path("slow_rate")),
            Words.text(rates.path("consecutive")));
  }

  private static String durations(JsonNode durations) {
    return durations.isObject()
        ? "%s of %s, mean %s, p50 %s, p90 %s, p99 %s, longest %s"
            .formatted(
                Words.text(durations.path("count")),
                "the last " + Words.millis(durations.path("over_ms")),
                Words.millis(durations.path("mean_ms")),
                Words.millis(durations.path("p50_ms")),
                Words.millis(durations.path("p90_ms")),
                Words.millis(durations.path("p99_ms")),
                Words.millis(durations.path("max_ms")))
        : "-";
  }

  private static String bucket(JsonNode bucket) {
    return bucket.isObject()
        ? "%s in %s, %s free now"
            .formatted(
                Words.text(bucket.path("amount")),
                Words.millis(bucket.path("per_ms")),
                Words.text(bucket.path("free")))
        : "not limited";
  }

  private static String open(JsonNode limits) {
    String now = Words.text(limits.path("open"));
    return limits.hasNonNull("concurrent")
        ? now + " of " + Words.text(limits.path("concurrent"))
        : now;
  }

  private static String budget(JsonNode budget) {
    if (!budget.isObject()) {
      return "-";
    }
    String level = Words.text(budget.path("level"));
    BigDecimal elsewhere = budget.path("elsewhere").decimalValue();
    return "%s of %s %s a %s%s%s"
        .formatted(
            money(budget.path("spent").decimalValue().add(elsewhere)),
            money(budget.path("amount").decimalValue()),
            Words.text(budget.path("currency")),
            Words.text(budget.path("per")),
            elsewhere.signum() == 0 ? "" : ", " + money(elsewhere) + " by other agents",
            level.equals("fine") ? "" : ", " + level);
  }

  /** With two decimals at least. */
  private static String money(BigDecimal amount) {
    BigDecimal least = amount.stripTrailingZeros();
    return least.setScale(Math.max(2, least.scale())).toPlainString();
  }

  private static String retries(JsonNode budget) {
    return budget.isObject()
        ? "%s of %s tokens, retries %s"
            .formatted(
                Words.text(budget.path("tokens")),
                Words.text(budget.path("most")),
                budget.path("retries").asBoolean() ? "pass" : "are refused")
        : "not limited";
  }

  private static String counts(JsonNode counts) {
    String happened =
        COUNTS.stream()
            .map(name -> Words.text(counts.path(name)) + " " + name)
            .collect(Collectors.joining(", "));
    String refused =
        StreamSupport.stream(
                ((Iterable<String>) () -> counts.path("refused").fieldNames()).spliterator(), false)
            .sorted()
            .map(reason -> counts.path("refused").path(reason).asText() + " " + reason)
            .collect(Collectors.joining(", "));
    return happened
        + "; refused: "
        + (refused.isEmpty() ? "none" : refused.replace('_', ' '))
        + "; cost "
        + Words.text(counts.path("cost"));
  }
}
