package io.selfheal.live;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the log. */
record Place(long epoch, long offset) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18}):(\\d{1,18})");

  /** Reads {@code EPOCH:OFFSET}. */
  static Optional<Place> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    return Optional.of(new Place(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))));
  }
}
