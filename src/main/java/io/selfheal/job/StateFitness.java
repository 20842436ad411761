package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Wanted.State;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a column of a kind that fits can have all the states that are looked for or written. An
 * enum that lacks one makes a statement fail that names it; a number or a boolean is not written as
 * any text. What a CHECK says is asked of PostgreSQL, see {@link PgChecks}. Pure.
 */
final class StateFitness {
  private static final Pattern LENGTH = Pattern.compile("character(?: varying)?\\((\\d+)\\)");
  private static final Set<String> SWITCHES = Set.of("on", "off", "of", "1", "0");

  private final TableName table;
  private final Wanted wanted;
  private final Column column;

  StateFitness(TableName table, Wanted wanted, Column column) {
    this.table = table;
    this.wanted = wanted;
    this.column = column;
  }

  /** What it cannot have, and how to mend it; empty when it can have all. */
  Optional<String> problem() {
    List<State> lacking =
        wanted.states().stream().filter(state -> !canHave(state.value())).toList();
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    String list = lacking.stream().map(State::toString).collect(Collectors.joining(", "));
    return Optional.of(
        "%s of %s (%s) cannot be %s%s%s"
            .formatted(wanted.words(), table, column.type(), list, known(), hint(lacking)));
  }

  private String known() {
    return column.isEnum() ? "; it can be: " + String.join(", ", column.labels()) : "";
  }

  /** Of a library's states nobody but the library should make more. */
  private String hint(List<State> lacking) {
    if (lacking.stream().anyMatch(state -> state.key() == null)) {
      return "";
    }
    String keys = lacking.stream().map(State::key).distinct().collect(Collectors.joining(", "));
    String run =
        lacking.stream()
            .map(State::value)
            .distinct()
            .map(value -> "ALTER TYPE " + column.base() + " ADD VALUE " + Sql.text(value))
            .collect(Collectors.joining(" and "));
    return "; correct " + keys + (column.isEnum() ? ", or run: " + run : "");
  }

  private boolean canHave(String value) {
    if (column.isEnum()) {
      return column.labels().contains(value);
    }
    return switch (column.plain()) {
      case "smallint" -> whole(value, 15);
      case "integer" -> whole(value, 31);
      case "bigint" -> whole(value, 63);
      case "numeric", "real", "double precision" -> number(value);
      case "boolean" -> flag(value);
      case "\"char\"" -> value.length() <= 1;
      default -> fits(value);
    };
  }

  private static boolean whole(String value, int bits) {
    return value.strip().matches("[+-]?\\d{1,19}")
        && new BigInteger(value.strip()).bitLength() <= bits;
  }

  private static boolean number(String value) {
    try {
      return new BigDecimal(value.strip()).precision() > 0;
    } catch (NumberFormatException other) {
      return false;
    }
  }

  /** As PostgreSQL reads one: also by the first letters of its words. */
  private static boolean flag(String value) {
    String text = value.strip().toLowerCase(Locale.ROOT);
    return !text.isEmpty()
        && (SWITCHES.contains(text)
            || Stream.of("true", "false", "yes", "no").anyMatch(word -> word.startsWith(text)));
  }

  private boolean fits(String value) {
    Matcher length = LENGTH.matcher(column.base());
    return !length.matches()
        || value.codePointCount(0, value.length()) <= Integer.parseInt(length.group(1));
  }
}
