package io.selfheal.job;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says of one table, as the agent's role sees it.
 *
 * @param kind {@code pg_class.relkind}: r is a table, p a partitioned one; null when there is none
 * @param place where it was looked for
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
    Place place,
    String role,
    boolean schemaUsable,
    Map<String, Column> columns,
    List<Check> checks,
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
   * @param category {@code pg_type.typcategory}: S is a text, E an enum, G of geometry
   * @param labels of an enum, in their order; none when it is no enum
   * @param generated whether the table makes it itself, so that nobody can write it
   */
  record Column(
      String type,
      String base,
      String category,
      List<String> labels,
      boolean notNull,
      boolean generated,
      boolean readable,
      boolean writable) {
    private static final Pattern LIMIT = Pattern.compile("\\(\\d+(,-?\\d+)?\\)");

    /** Copies the list. */
    Column {
      labels = List.copyOf(labels);
    }

    boolean isText() {
      return category.equals("S");
    }

    /** A domain over one is none: no operator compares it with a literal. */
    boolean isEnum() {
      return category.equals("E") && type.equals(base);
    }

    /** What it is made of, without length or precision: {@code timestamp with time zone}. */
    String plain() {
      return LIMIT.matcher(base).replaceAll("");
    }
  }

  /**
   * A condition that all rows must meet, by themselves.
   *
   * @param name of the constraint
   * @param expression as PostgreSQL writes it
   * @param columns that it is about; the one that has the domain, when it is a domain's
   * @param ofDomain whether the expression calls its column {@code VALUE}
   */
  record Check(String name, String expression, Set<String> columns, boolean ofDomain) {
    /** Copies the set. */
    Check {
      columns = Set.copyOf(columns);
    }
  }

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

  /**
   * Where a table was looked for.
   *
   * @param database by its name
   * @param namesakes when there is none: tables of its name in other schemas
   */
  record Place(String database, List<TableName> namesakes) {
    /** Copies the list. */
    Place {
      namesakes = List.copyOf(namesakes);
    }
  }

  /** A table that is not there. */
  static Catalog missing(Place place, String role, boolean schemaUsable) {
    return new Catalog(
        null,
        place,
        role,
        schemaUsable,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        false,
        List.of(),
        Map.of());
  }

  /**
   * A column that {@link Fitness} has checked.
   *
   * @throws IllegalStateException when it is not there
   */
  Column column(String name) {
    Column column = columns.get(name);
    if (column == null) {
      throw new IllegalStateException("not checked to exist: " + name);
    }
    return column;
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
        place,
        role,
        schemaUsable,
        columns,
        checks,
        indexes,
        partitions,
        privileges,
        rowSecurity,
        closedSequences,
        Map.copyOf(more));
  }
}
