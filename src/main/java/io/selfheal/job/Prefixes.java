package io.selfheal.job;

import io.selfheal.config.Section;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The key {@code prefix} of libraries that write the names of their tables unquoted, so that
 * PostgreSQL has them in lower case.
 */
final class Prefixes {
  private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,30}|");

  private Prefixes() {}

  static String read(Section source, String usual) {
    String prefix = source.text("prefix", usual);
    String lower = prefix.toLowerCase(Locale.ROOT);
    if (PREFIX.matcher(lower).matches()) {
      return lower;
    }
    source.reject(
        "prefix",
        "\"" + prefix + "\" is not the beginning of a table's name",
        "write up to 31 letters, digits and _; a schema goes into schema");
    return usual;
  }
}
