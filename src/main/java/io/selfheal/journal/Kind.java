package io.selfheal.journal;

import io.selfheal.message.Recorded;

/** What becomes of an event when there is no room: samples go first, incidents never. */
enum Kind {
  SAMPLE,
  FACT,
  INCIDENT;

  static Kind of(Recorded event) {
    if (event.incidentId() != null) {
      return INCIDENT;
    }
    return event.sample() ? SAMPLE : FACT;
  }
}
