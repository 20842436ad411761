package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Layout.Reach;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A time in a row, for a statement. A column without time zone is taken as UTC; an infinite time is
 * no time. Pure.
 *
 * @param value the column, with its alias
 * @param now the database's clock, of the type of the column
 */
record RowTime(String value, String now) {
  private static final String NOW = "now()";

  /**
   * A column of a table that {@link Fitness} has checked.
   *
   * @throws IllegalStateException when it is not there
   */
  static RowTime of(Catalog catalog, String alias, String name) {
    boolean zoned = Kind.ZONED.fits(catalog.column(name));
    String now = zoned ? NOW : "(now() AT TIME ZONE 'UTC')";
    return new RowTime(alias + "." + Sql.name(name), now);
  }

  /** The same; null when the column is not there, is no time, or is not open to the role. */
  static @Nullable RowTime ifThere(Catalog catalog, String alias, String name) {
    Column column = catalog.columns().get(name);
    boolean usable = column != null && column.readable() && Kind.TIME.fits(column);
    return usable ? of(catalog, alias, name) : null;
  }

  /** The column as a timestamp with time zone. */
  String moment() {
    return now.equals(NOW) ? value : "(" + value + " AT TIME ZONE 'UTC')";
  }

  /** Milliseconds since, as bigint. */
  String age() {
    return "CASE WHEN isfinite(%1$s) THEN (date_part('epoch', %2$s - %1$s) * 1000)::bigint END"
        .formatted(value, now);
  }

  /**
   * Microseconds since 1970 as text, so that no session setting changes how it is written. Those of
   * the last years that PostgreSQL knows are no bigint, and all alike.
   */
  String micros() {
    return "CASE WHEN isfinite(%1$s) THEN least(date_part('epoch', %1$s) * 1000000, 9e18::float8)::bigint::text END"
        .formatted(value);
  }

  /** The condition that it has come; one that is not set has. */
  String come() {
    return "(%1$s IS NULL OR %1$s <= %2$s)".formatted(value, now);
  }

  /** A condition to append; empty when all rows are wanted. */
  String within(Reach reach) {
    return switch (reach) {
      case Reach.All() -> "";
      case Reach.OlderThan(Duration age) ->
          " AND %s <= %s - interval '%d milliseconds'".formatted(value, now, age.toMillis());
    };
  }
}
