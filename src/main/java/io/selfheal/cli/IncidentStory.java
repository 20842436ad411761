package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The text of {@code why INCIDENT}: a story in the order in which an operator asks. Pure. */
final class IncidentStory {
  private static final String END = System.lineSeparator();

  private final JsonNode all;
  private final JsonNode incident;
  private final Moments moments;
  private final StringBuilder text = new StringBuilder();

  private IncidentStory(JsonNode all, ZoneId zone) {
    this.all = all;
    this.incident = all.path("incident");
    this.moments = new Moments(zone);
  }

  /**
   * @param all {@code incident}; {@code events} of it; {@code left}: jobs that looks left alone
   *     while it was open; {@code complete}: whether the events are all that there were
   */
  static String of(JsonNode all, ZoneId zone) {
    return new IncidentStory(all, zone).tell();
  }

  private String tell() {
    text.append(Words.text(incident.path("summary"))).append(END);
    line(
        "Incident %s of agent %s, opened %s: %s"
            .formatted(
                Words.text(incident.path("id")),
                Words.text(incident.path("agent")),
                moments.day(incident.path("opened_at")),
                Words.text(incident.path("state"))));
    if (incident.hasNonNull("caused_by")) {
      line(
          "A consequence of incident %s; see: agent.sh why %1$s"
              .formatted(incident.path("caused_by").asText()));
    }
    seen();
    rule();
    guardrails();
    head("STEPS");
    StepStory.tell(incident).forEach(this::line);
    jobs();
    timeline();
    durations();
    end();
    return text.toString();
  }

  private void seen() {
    head("WHAT WAS SEEN");
    JsonNode cause = all.path("cause");
    line(
        "%s of %s"
            .formatted(Words.text(incident.path("symptom")), Words.text(incident.path("subject"))));
    Evidence.of(cause).forEach(this::line);
    for (JsonNode example : cause.path("examples")) {
      JobsPage.job(text, example, "");
    }
  }

  private void rule() {
    head("RULE");
    line(
        "%s, version %s"
            .formatted(
                Words.text(incident.path("rule")), Words.text(incident.path("rule_version"))));
  }

  private void guardrails() {
    head("GUARDRAILS");
    if (incident.path("guardrails").isEmpty()) {
      line("none was asked");
    }
    for (JsonNode guardrail : incident.path("guardrails")) {
      line(
          "%s before %s: %s%s"
              .formatted(
                  Words.text(guardrail.path("name")),
                  Words.text(guardrail.path("remedy")),
                  guardrail.path("allowed").asBoolean() ? "allowed" : "NOT ALLOWED",
                  because(guardrail.path("reason"))));
    }
  }

  private void jobs() {
    head("JOBS");
    long told = 0;
    for (JsonNode event : all.path("events")) {
      if (Decisions.is(event)) {
        Decisions.all(text, event);
        told++;
      }
    }
    if (told == 0) {
      line("none was changed");
    }
    if (!all.path("complete").asBoolean(true)) {
      line("(the journal may have more: see GET /api/v1/events?incident=, and the log)");
    }
    if (!all.path("left").isEmpty()) {
      head("JOBS LEFT ALONE MEANWHILE");
      all.path("left").forEach(event -> Decisions.all(text, event));
    }
  }

  private void timeline() {
    head("WHAT HAPPENED");
    Optional<Instant> opened = Moments.at(incident.path("opened_at"));
    for (JsonNode entry : incident.path("timeline")) {
      if (StepStory.told(incident, entry)) {
        continue;
      }
      String later =
          Moments.between(opened, Moments.at(entry.path("at"))).map(span -> "+" + span).orElse("");
      line(
          "%s  %-9s %-10s %s"
              .formatted(
                  moments.clock(entry.path("at")),
                  later,
                  Words.text(entry.path("kind")),
                  Words.text(entry.path("text")).replace("\n", END + " ".repeat(37))));
    }
  }

  private void durations() {
    Optional<Instant> opened = Moments.at(incident.path("opened_at"));
    Optional<Instant> first = times("started_at").min(Comparator.naturalOrder());
    Optional<Instant> last = times("ended_at").max(Comparator.naturalOrder());
    Optional<Instant> closed = Moments.at(incident.path("closed_at"));
    head("HOW LONG");
    waited().ifPresent(span -> took("waiting for a person", Optional.of(span)));
    took("until the first step", Moments.between(opened, first));
    took("the steps", Moments.between(first, last));
    took("verification", Moments.between(last, verified().or(() -> closed)));
    took("all of it", Moments.between(opened, closed));
  }

  private void took(String part, Optional<String> span) {
    line("%-21s %s".formatted(part, span.orElse("-")));
  }

  private Stream<Instant> times(String field) {
    return stream(incident.path("steps")).flatMap(step -> Moments.at(step.path(field)).stream());
  }

  private Optional<Instant> verified() {
    return moments("verified").max(Comparator.naturalOrder());
  }

  /** From the first question to the answer; empty when nobody was asked. */
  private Optional<String> waited() {
    Optional<Instant> asked = moments("asked").min(Comparator.naturalOrder());
    Optional<Instant> answered =
        Stream.of("approved", "rejected", "expired")
            .flatMap(this::moments)
            .max(Comparator.naturalOrder());
    return Moments.between(asked, answered);
  }

  /** When things of a kind happened. */
  private Stream<Instant> moments(String kind) {
    return stream(incident.path("timeline"))
        .filter(entry -> entry.path("kind").asText().equals(kind))
        .flatMap(entry -> Moments.at(entry.path("at")).stream());
  }

  private void end() {
    head("VERIFIED");
    stream(incident.path("timeline"))
        .filter(entry -> entry.path("kind").asText().equals("verified"))
        .reduce((earlier, later) -> later)
        .ifPresentOrElse(
            entry -> line(Words.text(entry.path("text"))),
            () -> line("not: the symptom was not measured to be gone"));
    head("HOW IT ENDED");
    line(
        incident.hasNonNull("result")
            ? "%s: %s"
                .formatted(
                    moments.clock(incident.path("closed_at")), incident.path("result").asText())
            : open());
  }

  private String open() {
    return incident.path("state").asText().equals("waiting")
        ? "not yet: it waits for a person; see: agent.sh approve, or reject"
        : "it is still open";
  }

  static String because(JsonNode reason) {
    return reason.isTextual() && !reason.asText().isBlank() ? ": " + reason.asText() : "";
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private void head(String title) {
    text.append(END).append(title).append(END);
  }

  private void line(String words) {
    text.append("  ").append(words.stripTrailing()).append(END);
  }
}
