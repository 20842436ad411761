package io.selfheal.job;

import java.nio.charset.StandardCharsets;

/** Names and texts of the configuration, quoted so that nothing in them is taken for SQL. Pure. */
final class Sql {
  /** PostgreSQL cuts longer names off. */
  private static final int LONGEST_NAME_BYTES = 63;

  private Sql() {}

  /** Whether PostgreSQL could have a table or column of exactly this name. */
  static boolean isName(String name) {
    return !name.isBlank()
        && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** An identifier, always quoted: case counts. */
  static String name(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a name that PostgreSQL could have: " + name);
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Of a holder no more than it takes to see that {@link HolderPattern} takes none so long. */
  static String holder(String text) {
    return "left(%s, 513)".formatted(text);
  }

  /**
   * A text of any length as two members of a ROW, which differ whenever the text does: itself, or
   * for a long one its digest, so that no look reads megabytes.
   */
  static String member(String text) {
    return """
        CASE WHEN octet_length(%1$s) <= 2048 THEN %1$s END, CASE WHEN octet_length(%1$s) > 2048 \
        THEN encode(sha256(convert_to(%1$s, getdatabaseencoding()::name)), 'hex') END"""
        .formatted(text);
  }

  /** A text literal, right whatever {@code standard_conforming_strings} says. */
  static String text(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a control character in the text " + text);
    }
    String quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
    return text.contains("\\") ? "E" + quoted : quoted;
  }
}
