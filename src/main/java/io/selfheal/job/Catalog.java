package io.selfheal.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says of one table, as the agent's role sees it.
 *
 * @param kind {@code pg_class.relkind}: r is a table, p a partitioned one; null when there is none
 * @param role the agent's role
 * @param schemaUsable whether the role may use the schema
 */
record Catalog(
    @Nullable String kind,
    String role,
    boolean schemaUsable,
    Map<String, Column> columns,
    List<Index> indexes) {
  /**
   * One column.
   *
   * @param type as a cast names it
   * @param base the same, but what a domain is made of
   * @param category {@code pg_type.typcategory}: N is a number, D a date or time
   */
  record Column(
      String type,
      String base,
      String category,
      boolean notNull,
      boolean readable,
      boolean writable) {}

  /**
   * One valid index.
   *
   * @param leading its first column; null when that is an expression
   * @param predicate null when it covers all rows
   */
  record Index(@Nullable String leading, @Nullable String predicate) {}

  /** A table that is not there. */
  static Catalog missing(String role, boolean schemaUsable) {
    return new Catalog(null, role, schemaUsable, Map.of(), List.of());
  }
}
