package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import java.util.Set;

/**
 * What a column must be, for the statements of a preset to be taken and to mean what they say. A
 * domain is what it is made of. Pure.
 */
enum Kind {
  /** It is there; no statement asks more of it. */
  ANY("any type"),

  /** A whole number. */
  WHOLE("smallint, integer or bigint"),

  /** A number. */
  NUMBER("a number"),

  /** True or false. */
  FLAG("boolean"),

  /** A text of any length. */
  TEXT("text or varchar"),

  /** Several texts. */
  TEXTS("text[] or varchar[]"),

  /** A state by its name. */
  STATE("an enum, text or varchar"),

  /** A state of an ordered list. */
  ENUM("an enum"),

  /** A state as somebody chose to write it. */
  ANY_STATE("an enum, text, varchar, a number or boolean"),

  /** What rows are told apart by, and ordered. */
  KEY("a number, text, varchar or uuid"),

  /** A time; without time zone it is one in UTC. */
  TIME("timestamp with or without time zone"),

  /** A moment. One without time zone would be of any session's zone. */
  ZONED("timestamp with time zone"),

  /** A UUID. */
  UUID("uuid"),

  /** JSON to be read. */
  JSON("jsonb or json"),

  /** JSON to be changed. */
  JSONB("jsonb"),

  /** A list of JSON to be appended to. */
  JSONBS("jsonb[]");

  private static final Set<String> WHOLES = Set.of("smallint", "integer", "bigint");
  private static final Set<String> NUMBERS = Set.of("numeric", "real", "double precision");
  private static final Set<String> NO_ORDER = Set.of("json", "xml");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** For an operator, to follow "what fits: ". */
  String words() {
    return words;
  }

  /** Whether a column is so. */
  boolean fits(Column column) {
    String type = column.plain();
    return switch (this) {
      case ANY -> true;
      case WHOLE -> WHOLES.contains(type);
      case NUMBER -> WHOLES.contains(type) || NUMBERS.contains(type);
      case TEXT -> column.isText();
      case TEXTS -> type.equals("text[]") || type.equals("character varying[]");
      case STATE -> column.isText() || column.isEnum();
      case ENUM -> column.isEnum();
      case ANY_STATE ->
          STATE.fits(column) || NUMBER.fits(column) || FLAG.fits(column) || type.equals("\"char\"");
      case KEY -> !NO_ORDER.contains(type) && !column.category().equals("G");
      case TIME -> ZONED.fits(column) || type.equals("timestamp without time zone");
      case JSON -> JSONB.fits(column) || type.equals("json");
      case FLAG, ZONED, UUID, JSONB, JSONBS -> type.equals(words);
    };
  }
}
