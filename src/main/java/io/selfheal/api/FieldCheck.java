package io.selfheal.api;

import io.selfheal.api.ProblemDetails.FieldError;
import io.selfheal.config.Quantity;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Notes every wrong field, so that one answer names all of them. */
final class FieldCheck {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private final List<FieldError> errors;
  private final String prefix;

  FieldCheck() {
    this(new ArrayList<>(), "");
  }

  private FieldCheck(List<FieldError> errors, String prefix) {
    this.errors = errors;
    this.prefix = prefix;
  }

  /** For the fields of a field; what it notes is noted here. */
  FieldCheck within(String field) {
    return new FieldCheck(errors, prefix + field + ".");
  }

  /** A list of objects with at least one and at most so many; each is checked by itself. */
  <T> void each(
      String field, @Nullable List<@Nullable T> list, int most, BiConsumer<T, FieldCheck> check) {
    if (list == null || list.isEmpty()) {
      wrong(field, "must have at least one");
      return;
    }
    if (list.size() > most) {
      wrong(field, "has " + list.size() + " entries, allowed are " + most);
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      String entry = field + "[" + i + "]";
      T one = list.get(i);
      if (one == null) {
        wrong(entry, "must be an object");
        continue;
      }
      check.accept(one, within(entry));
    }
  }

  void wrong(String field, String reason) {
    errors.add(new FieldError(prefix + field, reason));
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
    if (value != null && value.chars().anyMatch(Character::isISOControl)) {
      wrong(field, "has control characters");
    }
    sound(field, value, most);
  }

  /** A text of several lines. A NUL is the one character that PostgreSQL does not keep. */
  void lines(String field, @Nullable String value, int most) {
    if (value != null && value.indexOf('\0') >= 0) {
      wrong(field, "has a NUL character");
    }
    sound(field, value, most);
  }

  private void sound(String field, @Nullable String value, int most) {
    if (value == null) {
      return;
    }
    if (value.length() > most) {
      wrong(field, "has " + value.length() + " characters, allowed are " + most);
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

  /** One of the values of an enum, in lower case. */
  void oneOf(String field, @Nullable String value, Class<? extends Enum<?>> type) {
    List<String> allowed =
        Stream.of(type.getEnumConstants()).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
    if (value != null && !allowed.contains(value)) {
      wrong(field, "must be one of " + String.join(", ", allowed));
    }
  }

  /** A time as RFC 3339 writes it. */
  void time(String field, @Nullable String value) {
    if (value == null) {
      return;
    }
    try {
      OffsetDateTime.parse(value);
    } catch (DateTimeException notATime) {
      wrong(field, "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
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
