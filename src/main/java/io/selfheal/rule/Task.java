package io.selfheal.rule;

import io.selfheal.message.SymptomEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a remedy is asked to do.
 *
 * @param incidentId UUIDv7
 * @param seen the symptom and its subject
 * @param deadline how long it may take
 */
public record Task(
    String incidentId, SymptomEvent.Seen seen, Duration deadline, Surroundings around) {
  /** What it is about, see {@link io.selfheal.message.Subject}. */
  public String subject() {
    return seen.subject();
  }

  /**
   * When the incident was opened: the first 48 bits of its id are milliseconds (RFC 9562, section
   * 5.7). Empty for an id of another kind.
   */
  public Optional<Instant> opened() {
    try {
      UUID id = UUID.fromString(incidentId);
      return id.version() == 7
          ? Optional.of(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException otherKind) {
      return Optional.empty();
    }
  }
}
