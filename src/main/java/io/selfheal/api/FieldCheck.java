package io.selfheal.api;

import io.selfheal.api.ProblemDetails.FieldError;
import io.selfheal.config.Quantity;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes every wrong field, so that one answer names all of them. */
final class FieldCheck {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private final List<FieldError> errors = new ArrayList<>();

  void wrong(String field, String reason) {
    errors.add(new FieldError(field, reason));
  }

  /** A text that must be there. */
  void needed(String field, @Nullable String value, int most) {
    if (value == null) {
      wrong(field, "is missing");
      return;
    }
    if (value.isBlank()) {
      wrong(field, "is blank");
      return;
    }
    atMost(field, value, most);
  }

  /** A text of at most so many characters, without control characters. */
  void atMost(String field, @Nullable String value, int most) {
    if (value == null) {
      return;
    }
    if (value.length() > most) {
      wrong(field, "has " + value.length() + " characters, allowed are " + most);
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      wrong(field, "has control characters");
    }
    // A JSON escape can write one; UTF-8, and so the journal, cannot.
    if (value.codePoints().anyMatch(FieldCheck::isHalf)) {
      wrong(field, "has half a character (an unpaired surrogate)");
    }
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  void range(String field, @Nullable Long value, long least, long most) {
    if (value != null && (value < least || value > most)) {
      wrong(field, "must be from " + least + " to " + most);
    }
  }

  /** A time after {@code now}: as RFC 3339 writes it, or as how long from now; null otherwise. */
  @Nullable Instant future(String field, @Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    try {
      Instant time =
          Quantity.duration(value)
              .map(now::plus)
              .orElseGet(() -> OffsetDateTime.parse(value).toInstant());
      if (time.isAfter(LAST)) {
        wrong(field, "is after the year 9999, where RFC 3339 ends");
        return null;
      }
      if (time.isAfter(now)) {
        return time;
      }
      wrong(field, "is in the past; now is " + now);
    } catch (DateTimeException notATime) {
      wrong(
          field, "must be an RFC 3339 time such as 2026-01-31T12:00:00Z, or how long, such as 30m");
    }
    return null;
  }

  /**
   * @throws ApiFailure when anything was wrong
   */
  void finish() {
    if (!errors.isEmpty()) {
      throw ApiFailure.fields(List.copyOf(errors));
    }
  }
}
