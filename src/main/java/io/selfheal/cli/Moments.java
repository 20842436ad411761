package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times of an answer, in the zone of who reads. Pure. */
final class Moments {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final ZoneId zone;

  Moments(ZoneId zone) {
    this.zone = zone;
  }

  static Optional<Instant> at(JsonNode time) {
    return time.isTextual() ? Optional.of(Instant.parse(time.asText())) : Optional.empty();
  }

  /** {@code 2026-03-01 03:12:04 CET}; a dash for no data. */
  String day(JsonNode time) {
    return at(time).map(when -> DAY.format(when.atZone(zone))).orElse("-");
  }

  /** {@code 03:12:04.113}; a dash for no data. */
  String clock(JsonNode time) {
    return at(time).map(when -> CLOCK.format(when.atZone(zone))).orElse("-");
  }

  /** How long from one to the other, in words; empty when one is not known. */
  static Optional<String> between(Optional<Instant> from, Optional<Instant> to) {
    return from.flatMap(begin -> to.map(end -> Words.duration(Duration.between(begin, end))));
  }
}
