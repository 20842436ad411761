package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The text of {@code rules show}: in the words of the rules file. Pure. */
final class RulePage {
  private static final String END = System.lineSeparator();

  private final JsonNode rule;
  private final StringBuilder text = new StringBuilder();

  private RulePage(JsonNode rule) {
    this.rule = rule;
  }

  static String of(JsonNode rule, ZoneId zone) {
    return new RulePage(rule).tell(new Moments(zone));
  }

  private String tell(Moments moments) {
    line("rule", rule.path("name"));
    line("version", rule.path("version"));
    line("symptom", rule.path("symptom"));
    line("severity", rule.path("severity"));
    line("mode", rule.path("mode"));
    boolean builtIn = rule.path("built_in").asBoolean();
    if (!builtIn) {
      span("for", rule.path("lasting_ms"));
      span("clear_for", rule.path("clear_ms"));
    }
    line("ladder", list(rule.path("ladder"), " -> ", "none: a person is told"));
    if (!builtIn) {
      span("verify_within", rule.path("verify_within_ms"));
    }
    guardrails(rule.path("guardrails"));
    if (rule.hasNonNull("problem")) {
      line("problem", rule.path("problem"));
    }
    text.append(END);
    return builtIn
        ? text.append("It comes with the agent; see: agent.sh incidents").append(END).toString()
        : text.append(subjects(moments)).toString();
  }

  private void guardrails(JsonNode guardrails) {
    line(
        "guardrails",
        "cooldown %s, at most %s within %s, backoff %s, at most %s of a worker at once"
            .formatted(
                Words.millis(guardrails.path("cooldown_ms")),
                number(guardrails.path("most")),
                Words.millis(guardrails.path("within_ms")),
                Words.text(guardrails.path("backoff")),
                Words.share(guardrails.path("share"))));
    line(
        "",
        "%s heals of a subject a day, an approval is waited for %s%s"
            .formatted(
                number(guardrails.path("debt")),
                Words.millis(guardrails.path("approval_expires_ms")),
                guardrails.path("keep_last").asBoolean()
                    ? ", the last process of a worker is kept"
                    : ""));
    if (!guardrails.path("after").isEmpty()) {
      line("", "after " + list(guardrails.path("after"), ", ", ""));
    }
    for (JsonNode window : guardrails.path("maintenance")) {
      line("", "only observes at " + window.asText());
    }
  }

  private static String number(JsonNode limit) {
    return limit.asInt() == Integer.MAX_VALUE ? "any number" : Words.text(limit);
  }

  private String subjects(Moments moments) {
    Table table = new Table("SUBJECT", "STATE", "FOR", "READ AT", "EVIDENCE");
    for (JsonNode subject : rule.path("subjects")) {
      table.row(
          Words.text(subject.path("subject")),
          RulesPage.state(subject),
          lasted(subject),
          moments.clock(subject.path("at")),
          Words.text(subject.path("evidence")));
    }
    return table.empty() ? "No subject was read yet." + END : table.toString();
  }

  /** How long it is there, or gone; a dash when neither is counted. */
  private static String lasted(JsonNode subject) {
    JsonNode there = subject.path("there_ms");
    JsonNode gone = subject.path("gone_ms");
    if (there.asLong() > 0) {
      return Words.millis(there);
    }
    return gone.asLong() > 0 ? Words.millis(gone) : "-";
  }

  private void line(String name, JsonNode value) {
    line(name, Words.text(value));
  }

  private void span(String name, JsonNode millis) {
    line(name, Words.millis(millis));
  }

  private void line(String name, String value) {
    text.append("%-14s %s".formatted(name, value).stripTrailing()).append(END);
  }

  private static String list(JsonNode all, String between, String none) {
    String words =
        StreamSupport.stream(all.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(between));
    return words.isEmpty() ? none : words;
  }
}
