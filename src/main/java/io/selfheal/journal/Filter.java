package io.selfheal.journal;

import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.selfheal.message.TypePattern;
import org.jspecify.annotations.Nullable;

/** Which events a reader wants. */
record Filter(TypePattern types, @Nullable String subject, @Nullable String incident) {
  static Filter of(ReadEvents query) {
    return new Filter(TypePattern.of(query.types()), query.subject(), null);
  }

  static Filter of(ReadTrace query) {
    return new Filter(TypePattern.of(query.types()), query.subject(), query.incident());
  }

  boolean matches(Recorded event) {
    return types.matches(event.type())
        && (subject == null || subject.equals(event.subject()))
        && (incident == null || incident.equals(event.incidentId()));
  }
}
