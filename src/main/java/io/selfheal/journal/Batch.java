package io.selfheal.journal;

import io.selfheal.message.Incident;
import io.selfheal.message.Recorded;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written together.
 *
 * @param events in the order of their offsets
 * @param saves applied in their order
 * @param sequence the epoch, and the offset up to which places are reserved
 * @param writtenThrough the position up to which PostgreSQL has every event; 0: as before
 * @param sync whether it must be on the disk itself when the writing returns
 */
record Batch(
    List<Recorded> events, List<Save> saves, Sequence sequence, long writtenThrough, boolean sync) {

  /** Something other than an event. */
  sealed interface Save {
    /** An incident as it stands now. */
    record OneIncident(Incident incident) implements Save {}

    /** A small fact; a null value forgets it. */
    record Fact(String key, @Nullable String value) implements Save {}

    /** Incidents that PostgreSQL has now: id → the revision that was sent. */
    record Sent(Map<String, Long> revisions) implements Save {}
  }
}
