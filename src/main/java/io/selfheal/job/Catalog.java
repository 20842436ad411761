package io.selfheal.job;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says of one table, as the agent's role sees it.
 *
 * @param kind {@code pg_class.relkind}: r is a table, p a partitioned one; null when there is none
 * @param role the agent's role
 * @param schemaUsable whether the role may use the schema
 * @param partitions directly below; none when it is not partitioned
 * @param privileges on the whole table; a role may have them on single columns without
 * @param rowSecurity whether row security hides rows from the role
 * @param closedSequences that defaults of its columns take numbers from, and that the role may not
 *     use; identity columns need no leave
 * @param others the further tables that were asked for
 */
record Catalog(
    @Nullable String kind,
    String role,
    boolean schemaUsable,
    Map<String, Column> columns,
    List<Index> indexes,
    List<Partition> partitions,
    Set<Privilege> privileges,
    boolean rowSecurity,
    List<TableName> closedSequences,
    Map<TableName, Catalog> others) {
  /** What a role may do with the table as a whole. */
  enum Privilege {
    SELECT,
    INSERT,
    UPDATE,
    DELETE
  }

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

  /**
   * One partition.
   *
   * @param plain a table of this database that is not partitioned itself
   */
  record Partition(TableName table, boolean plain) {}

  /** A table that is not there. */
  static Catalog missing(String role, boolean schemaUsable) {
    return new Catalog(
        null,
        role,
        schemaUsable,
        Map.of(),
        List.of(),
        List.of(),
        Set.of(),
        false,
        List.of(),
        Map.of());
  }

  /**
   * A further table.
   *
   * @throws IllegalArgumentException when it was not asked for
   */
  Catalog other(TableName table) {
    Catalog other = others.get(table);
    if (other == null) {
      throw new IllegalArgumentException(table + " is not among the layout's tables");
    }
    return other;
  }

  /** The same, with further tables. */
  Catalog with(Map<TableName, Catalog> more) {
    return new Catalog(
        kind,
        role,
        schemaUsable,
        columns,
        indexes,
        partitions,
        privileges,
        rowSecurity,
        closedSequences,
        Map.copyOf(more));
  }
}
