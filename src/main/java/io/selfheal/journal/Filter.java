package io.selfheal.journal;

import io.selfheal.json.Json;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.selfheal.message.Subject;
import io.selfheal.message.TypePattern;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which events a reader wants.
 *
 * @param ending null: of {@code subject} alone; else of what begins with it and ends so
 */
record Filter(
    TypePattern types,
    @Nullable String subject,
    @Nullable String incident,
    @Nullable String ending) {
  static Filter of(ReadEvents query) {
    return new Filter(TypePattern.of(query.types()), query.subject(), null, null);
  }

  static Filter of(ReadTrace query) {
    return new Filter(
        TypePattern.of(query.types()), query.subject(), query.incident(), query.ending());
  }

  boolean matches(Recorded event) {
    return types.matches(event.type())
        && (subject == null || isOf(subject, event.subject()) || tells(event))
        && (incident == null || incident.equals(event.incidentId()));
  }

  /**
   * The subject of events that tell of many jobs of the same source, among which may be the wanted
   * ones; null: no job is asked for.
   */
  @Nullable String together() {
    String source = subject == null ? null : Subject.sourceOfJob(subject).orElse(null);
    return source == null ? null : Subject.jobs(source);
  }

  /**
   * A part of the JSON of every event that tells of the wanted jobs among others. Another that has
   * it by chance does no harm: who reads it looks for the job.
   */
  String part() {
    String wanted = subject == null ? "" : subject;
    int begin = wanted.indexOf('/', wanted.indexOf('/') + 1) + 1;
    String text = Json.text(Json.mapper().getNodeFactory().textNode(wanted.substring(begin)));
    return ending == null
        ? text
        : Json.text(Json.mapper().getNodeFactory().textNode(ending)).substring(1);
  }

  private boolean tells(Recorded event) {
    return event.subject().equals(together())
        && new String(event.json(), StandardCharsets.UTF_8).contains(part());
  }

  private boolean isOf(String wanted, String is) {
    return ending == null
        ? wanted.equals(is)
        : is.length() >= wanted.length() + ending.length()
            && is.startsWith(wanted)
            && is.endsWith(ending);
  }
}
