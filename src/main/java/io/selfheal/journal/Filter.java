package io.selfheal.journal;

import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.selfheal.message.TypePattern;
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
        && (subject == null || isOf(subject, event.subject()))
        && (incident == null || incident.equals(event.incidentId()));
  }

  private boolean isOf(String wanted, String is) {
    return ending == null
        ? wanted.equals(is)
        : is.length() >= wanted.length() + ending.length()
            && is.startsWith(wanted)
            && is.endsWith(ending);
  }
}
